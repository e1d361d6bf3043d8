package org.odap.core.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.attestation.ResultToken.Judgement;
import org.odap.core.envelope.PublicKeys;

/** Signed attestation results. */
@Tag("IT-8")
class ResultTokenTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final String GATEWAY = "odapgw://beta.example/gateway-1";
  private static final String SESSION = "11111111-2222-4333-8444-555555555555";
  private static final KeyPair VERIFIER = keys();
  private static final String KEY = PublicKeys.format(VERIFIER.getPublic());
  private static final String TLS_KEY = PublicKeys.format(keys().getPublic());
  private static final Expected EXPECTED = new Expected(GATEWAY, SESSION, TLS_KEY);

  private static final AttestationResult RESULT =
      new AttestationResult(
          "odapattestation://alpha.example/verifier",
          GATEWAY,
          SESSION,
          ResultToken.keyHash(TLS_KEY),
          "bm9uY2U",
          NOW,
          NOW + 600_000,
          Map.of("instance-identity", 2, "hardware", 2),
          "machine",
          "000b" + "a".repeat(64),
          "b".repeat(64),
          3,
          1);

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signature(byte[] bytes) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(VERIFIER.getPrivate());
      signer.update(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token() {
    return ResultToken.sign(RESULT, List.of(new byte[] {1}), "test", ResultTokenTest::signature);
  }

  /** The verifier's own signature over other claims. */
  private static String with(String claim, String other) {
    String[] parts = token().split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    assertThat(claims).contains(claim);
    String signed =
        parts[0]
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace(claim, other).getBytes(StandardCharsets.UTF_8));
    return signed + "." + signature(signed.getBytes(StandardCharsets.US_ASCII));
  }

  private static String refusal(String token) {
    return refusal(token, EXPECTED, NOW);
  }

  private static String refusal(String token, Expected expected, long now) {
    return switch (ResultToken.verify(token, KEY, expected, now)) {
      case Judgement.Refused refused -> refused.reason();
      case Judgement.Accepted accepted -> throw new AssertionError("accepted: " + accepted);
    };
  }

  @Test
  void aResultReadsAsItWasSigned() {
    assertThat(ResultToken.verify(token(), KEY, EXPECTED, NOW + 599_999))
        .isEqualTo(new Judgement.Accepted(RESULT));
  }

  @Test
  void aResultAboutSomethingElseIsRefused() {
    assertThat(refusal(token(), new Expected("odapgw://x.example/g", SESSION, TLS_KEY), NOW))
        .startsWith("sub: another gateway's");
    assertThat(refusal(token(), new Expected(GATEWAY, "other", TLS_KEY), NOW))
        .startsWith("odap.session: another session's");
    assertThat(refusal(token(), new Expected(GATEWAY, SESSION, KEY), NOW))
        .startsWith("odap.tls-key-sha256: of another TLS key");
    assertThat(refusal(token(), EXPECTED, NOW + 600_000)).startsWith("exp: ");
    assertThat(refusal(token(), EXPECTED, NOW - 61_000)).startsWith("iat: ");
  }

  @Test
  void anotherKeysTokenIsRefused() {
    assertThat(ResultToken.verify(token(), TLS_KEY, EXPECTED, NOW))
        .isEqualTo(new Judgement.Refused("signature: not the verifier's"));
    assertThat(refusal("a.b")).startsWith("token: ");
    assertThat(refusal(token().replaceFirst("\\.", ".e30."))).startsWith("token: ");
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(refusal(none + token().substring(token().indexOf('.')))).startsWith("alg: ");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"ear.status\":\"affirming\"', '\"ear.status\":\"warning\"', ear.status: the machine",
    "'\"hardware\":2', '\"hardware\":32', ear.trustworthiness-vector: a claim",
    "'\"hardware\":2', '\"hardware\":0', ear.trustworthiness-vector: a claim",
    "'\"hardware\":2', '\"hardware\":\"2\"', ear.trustworthiness-vector: missing",
    "'\"tpm\":', '\"other\":{},\"tpm\":', ear.status: the machine",
    "'veraison/ear', 'veraison/other', eat_profile: not that of EAR",
    "'\"iat\":1800000000', '\"iat\":1.8e9', iat: missing or malformed",
    "'\"exp\":1800000600', '\"exp\":-1', exp: missing or malformed",
    "'\"exp\":1800000600', '\"exp\":99999999999999999999', exp: missing or malformed",
    "'\"iss\":', '\"no\":', iss: missing or malformed",
    "'\"iss\":', '\"sub\":\"x\",\"iss\":', claims: no JSON object"
  })
  void claimsThatDoNotAffirmAreRefused(String claim, String other, String reason) {
    assertThat(refusal(with(claim, other))).startsWith(reason);
  }

  @Test
  void damagedTokensProveNothing() {
    String good = token();
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder damaged = new StringBuilder(good);
      int at = random.nextInt(good.length());
      char other = (char) (32 + random.nextInt(95));
      damaged.setCharAt(at, other == good.charAt(at) ? '~' : other);
      assertThat(ResultToken.verify(damaged.toString(), KEY, EXPECTED, NOW))
          .isInstanceOf(Judgement.Refused.class);
    }
  }
}
