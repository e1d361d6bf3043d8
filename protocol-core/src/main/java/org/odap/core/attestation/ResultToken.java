package org.odap.core.attestation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;

/**
 * An attestation result as a JWT in the manner of EAR (draft-ietf-rats-ear, JWT form), signed by
 * ES256.
 */
public final class ResultToken {
  /** How long a verifier's clock may be ahead of ours. */
  private static final long SKEW_MILLIS = 60_000;

  private static final int TOKEN_CHARS_MAX = 64 * 1024;
  private static final int AFFIRMING_FIRST = 2;
  private static final int AFFIRMING_LAST = 31;
  private static final String PROFILE = "tag:github.com,2023:veraison/ear";
  private static final String ALGORITHM = "ES256";
  private static final String TPM = "tpm";
  private static final String AFFIRMING = "affirming";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonNode NOTHING = JSON.createArrayNode();

  private ResultToken() {}

  /**
   * What a result must be about.
   *
   * @param tlsPublicKey the key of the TLS connection to that gateway, base64url SPKI DER
   */
  public record Expected(String gateway, String sessionId, String tlsPublicKey) {}

  /** What a token proves. */
  public sealed interface Judgement {
    /** It is the verifier's, about what was expected, and holds now. */
    record Accepted(AttestationResult result) implements Judgement {}

    /** It proves nothing; the reason begins with what is wrong. */
    record Refused(String reason) implements Judgement {}
  }

  /** A JSON member is not there, or is something else. */
  private static final class WrongClaim extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongClaim(String claim) {
      super(claim);
    }
  }

  /**
   * Writes and signs a result.
   *
   * @param certificates the verifier's chain, DER, its own first: for readers that know its
   *     organization alone
   * @param build what the verifier runs
   * @param signer makes an ES256 signature over bytes, as base64url
   */
  public static String sign(
      AttestationResult result,
      List<byte[]> certificates,
      String build,
      Function<byte[], String> signer) {
    ObjectNode header = JSON.createObjectNode();
    header.put("alg", ALGORITHM).put("typ", "JWT");
    // x5c is base64, not base64url (RFC 7515 4.1.6).
    certificates.forEach(
        der -> header.withArray("x5c").add(Base64.getEncoder().encodeToString(der)));
    String signed = part(header) + "." + part(claims(result, build));
    return signed + "." + signer.apply(signed.getBytes(StandardCharsets.US_ASCII));
  }

  private static ObjectNode claims(AttestationResult result, String build) {
    ObjectNode claims = JSON.createObjectNode();
    claims
        .put("eat_profile", PROFILE)
        .put("iss", result.verifier())
        .put("sub", result.gateway())
        .put("iat", result.issuedAtMillis() / 1000)
        .put("exp", result.expiresAtMillis() / 1000)
        .put("eat_nonce", result.nonce())
        .put("odap.session", result.sessionId())
        .put("odap.tls-key-sha256", result.tlsKeyHash());
    claims.putObject("ear.verifier-id").put("developer", "odap").put("build", build);
    ObjectNode tpm =
        claims
            .putObject("submods")
            .putObject(TPM)
            .put("ear.status", AFFIRMING)
            .put("ear.appraisal-policy-id", result.policy())
            .put("odap.attestation-key", result.attestationKey())
            .put("odap.pcr-digest", result.pcrDigest())
            .put("odap.reset-count", result.resetCount())
            .put("odap.restart-count", result.restartCount());
    ObjectNode vector = tpm.putObject("ear.trustworthiness-vector");
    new TreeMap<>(result.trustworthiness()).forEach(vector::put);
    return claims;
  }

  /**
   * Judges a token. Pure: the same arguments give the same judgement, at any time later too.
   *
   * @param verifierKey public key of the verifier, base64url SPKI DER
   */
  public static Judgement verify(
      String token, String verifierKey, Expected expected, long nowMillis) {
    String[] parts = token.length() > TOKEN_CHARS_MAX ? new String[0] : token.split("\\.", -1);
    if (parts.length != 3) {
      return new Judgement.Refused("token: not a JWT of three parts");
    }
    byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    Optional<JsonNode> header = object(parts[0]);
    Optional<JsonNode> claims = object(parts[1]);
    if (header.isEmpty() || !header.get().path("alg").asText().equals(ALGORITHM)) {
      return new Judgement.Refused("alg: not " + ALGORITHM);
    }
    if (!Es256.verify(verifierKey, signed, parts[2])) {
      return new Judgement.Refused("signature: not the verifier's");
    }
    if (claims.isEmpty()) {
      return new Judgement.Refused("claims: no JSON object");
    }
    return judged(claims.get(), expected, nowMillis);
  }

  /**
   * Judges what a token says, whoever has signed it: for one that its own verifier has just given.
   */
  public static Judgement unverified(String token, Expected expected, long nowMillis) {
    return claims(token)
        .map(claims -> judged(claims, expected, nowMillis))
        .orElseGet(() -> new Judgement.Refused("token: not a JWT with claims"));
  }

  /** What a token says, whoever has signed it; empty when that is no result. */
  public static Optional<AttestationResult> read(String token) {
    try {
      return claims(token).map(ResultToken::result);
    } catch (WrongClaim e) {
      return Optional.empty();
    }
  }

  /** The certificates in a token's header, DER, its signer's first; none when it names none. */
  public static List<byte[]> certificates(String token) {
    List<byte[]> certificates = new ArrayList<>();
    for (JsonNode one : object(token.split("\\.", 2)[0]).map(h -> h.path("x5c")).orElse(NOTHING)) {
      try {
        certificates.add(Base64.getDecoder().decode(one.asText()));
      } catch (IllegalArgumentException e) {
        return List.of();
      }
    }
    return List.copyOf(certificates);
  }

  private static Optional<JsonNode> claims(String token) {
    String[] parts = token.length() > TOKEN_CHARS_MAX ? new String[0] : token.split("\\.", -1);
    return parts.length == 3 ? object(parts[1]) : Optional.empty();
  }

  private static Judgement judged(JsonNode claims, Expected expected, long nowMillis) {
    try {
      AttestationResult result = result(claims);
      return complaint(claims, result, expected, nowMillis)
          .<Judgement>map(Judgement.Refused::new)
          .orElseGet(() -> new Judgement.Accepted(result));
    } catch (WrongClaim e) {
      return new Judgement.Refused(e.getMessage() + ": missing or malformed");
    }
  }

  private static Optional<String> complaint(
      JsonNode claims, AttestationResult result, Expected expected, long nowMillis) {
    JsonNode submods = claims.path("submods");
    if (!text(claims, "eat_profile").equals(PROFILE)) {
      return Optional.of("eat_profile: not that of EAR");
    }
    if (submods.size() != 1 || !text(submods.path(TPM), "ear.status").equals(AFFIRMING)) {
      return Optional.of("ear.status: the machine is not affirmed");
    }
    if (result.trustworthiness().values().stream()
        .anyMatch(claim -> claim < AFFIRMING_FIRST || claim > AFFIRMING_LAST)) {
      return Optional.of("ear.trustworthiness-vector: a claim does not affirm");
    }
    if (!result.gateway().equals(expected.gateway())) {
      return Optional.of("sub: another gateway's: " + result.gateway());
    }
    if (!result.sessionId().equals(expected.sessionId())) {
      return Optional.of("odap.session: another session's: " + result.sessionId());
    }
    if (!result.tlsKeyHash().equals(keyHash(expected.tlsPublicKey()))) {
      return Optional.of("odap.tls-key-sha256: of another TLS key");
    }
    if (result.issuedAtMillis() > nowMillis + SKEW_MILLIS) {
      return Optional.of("iat: in the future");
    }
    return result.expiresAtMillis() > nowMillis
        ? Optional.empty()
        : Optional.of("exp: the result has expired");
  }

  /** SHA-256 of a key given as base64url of its SPKI DER, lower-case hex; of no key, none. */
  public static String keyHash(String publicKey) {
    return Base64Url.decode(publicKey).map(Hash::of).orElse("");
  }

  private static AttestationResult result(JsonNode claims) {
    JsonNode tpm = claims.path("submods").path(TPM);
    Map<String, Integer> vector = new TreeMap<>();
    for (Map.Entry<String, JsonNode> claim : tpm.path("ear.trustworthiness-vector").properties()) {
      vector.put(claim.getKey(), vectorClaim(claim.getValue()));
    }
    return new AttestationResult(
        text(claims, "iss"),
        text(claims, "sub"),
        text(claims, "odap.session"),
        text(claims, "odap.tls-key-sha256"),
        text(claims, "eat_nonce"),
        Math.multiplyExact(number(claims.path("iat"), "iat"), 1000L),
        Math.multiplyExact(number(claims.path("exp"), "exp"), 1000L),
        vector,
        text(tpm, "ear.appraisal-policy-id"),
        text(tpm, "odap.attestation-key"),
        text(tpm, "odap.pcr-digest"),
        number(tpm.path("odap.reset-count"), "odap.reset-count"),
        number(tpm.path("odap.restart-count"), "odap.restart-count"));
  }

  /** AR4SI's claims are of -128 to 127. */
  private static int vectorClaim(JsonNode value) {
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new WrongClaim("ear.trustworthiness-vector");
    }
    return value.intValue();
  }

  private static String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isTextual()) {
      throw new WrongClaim(name);
    }
    return value.textValue();
  }

  /** A whole number that fits an int of seconds or counts: far from any overflow. */
  private static long number(JsonNode value, String name) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new WrongClaim(name);
    }
    long number = value.longValue();
    if (number < 0 || number > 1L << 40) {
      throw new WrongClaim(name);
    }
    return number;
  }

  private static Optional<JsonNode> object(String part) {
    return Base64Url.decode(part)
        .flatMap(bytes -> {
          try {
            return Optional.of(JSON.readTree(bytes)).filter(JsonNode::isObject);
          } catch (IOException e) {
            return Optional.empty();
          }
        });
  }

  private static String part(ObjectNode node) {
    try {
      return Base64Url.encode(JSON.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
