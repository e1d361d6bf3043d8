package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.challenge.Challenge;
import org.odap.attestation.challenge.Challenges;
import org.odap.attestation.tpm.Attest;
import org.odap.attestation.tpm.Credential;
import org.odap.attestation.tpm.TpmFormatException;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.envelope.Base64Url;
import org.odap.runtime.lifecycle.Part;

/**
 * Asks gateways for evidence, holds it against policy and says what it found (RATS verifier).
 *
 * <p>What it knows of keys is durable; what is open is not, and is asked for again after a restart.
 */
public final class Verifier implements Part {
  /**
   * What an affirming result says (AR4SI 2.3): a recognized instance, with approved configuration
   * and software, on genuine hardware.
   */
  private static final Map<String, Integer> AFFIRMED =
      Map.of("instance-identity", 2, "configuration", 2, "executables", 2, "hardware", 2);

  private final Supplier<Policy> policy;
  private final Challenges challenges;
  private final Activations activations;
  private final Path keysFolder;
  private final String identity;
  private final Clock clock;
  private volatile Optional<KnownKeys> keys = Optional.empty();

  /** What came of an appraisal. */
  public sealed interface Verdict {
    /** The machine is as the policy wants it. */
    record Affirmed(AttestationResult result) implements Verdict {}

    /** It is not, or its evidence proves nothing; the reason begins with the field. */
    record Refused(String reason) implements Verdict {}
  }

  /**
   * A verifier that knows no key yet.
   *
   * @param identity who issues its results
   * @param openFor how long a challenge or credential may be answered
   */
  public Verifier(
      Supplier<Policy> policy, Path keysFolder, Duration openFor, String identity, Clock clock) {
    this.policy = policy;
    this.challenges = new Challenges(openFor, clock);
    this.activations = new Activations(openFor, clock);
    this.keysFolder = keysFolder;
    this.identity = identity;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "verifier";
  }

  @Override
  public void start() throws IOException {
    keys = Optional.of(new KnownKeys(keysFolder));
  }

  @Override
  public void stop(Duration limit) {
    // Each change was on disk when it was made.
  }

  /** How many attestation keys are known. */
  public int keyCount() {
    return keys.map(KnownKeys::size).orElse(0);
  }

  /** How many challenges are open. */
  public int challengeCount() {
    return challenges.size();
  }

  /** A challenge for a gateway; empty when too many are open. */
  public Optional<Challenge> challenge(String gateway, String sessionId, String tlsPublicKey)
      throws RefusedException {
    return challenges.create(sessionId, gateway, tlsPublicKey, rule(gateway).profile().pcrs());
  }

  /**
   * A credential for a key, whose TPM must be one the policy takes.
   *
   * @param quote its keys and certificates; no more of it is looked at
   */
  public Offer offerCredential(String gateway, Quote quote) throws RefusedException {
    try {
      Policy.Rule rule = rule(gateway);
      Endorsement endorsement = endorsement(quote, rule);
      AttestationKey key = AttestationKey.check(quote.getAttestationKey(), rule.profile());
      if (keys().get(key.name()).isPresent()) {
        return new Offer.Known();
      }
      return activations
          .create(key, endorsement)
          .<Offer>map(Offer.Made::new)
          .orElseGet(Offer.TooMany::new);
    } catch (TpmFormatException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  /** What a verifier offers to a key. */
  public sealed interface Offer {
    /** A credential to be opened. */
    record Made(Credential credential) implements Offer {}

    /** The key was activated before. */
    record Known() implements Offer {}

    /** Too many are open. */
    record TooMany() implements Offer {}
  }

  /**
   * Appraises a quote; its nonce is used up.
   *
   * @param activatedSecret of the credential when the key is new, else empty
   */
  public Verdict appraise(ByteString nonce, Quote quote, ByteString activatedSecret)
      throws IOException {
    try {
      return new Verdict.Affirmed(affirmed(nonce, quote, activatedSecret));
    } catch (RefusedException | TpmFormatException e) {
      return new Verdict.Refused(e.getMessage());
    }
  }

  private AttestationResult affirmed(ByteString nonce, Quote quote, ByteString activatedSecret)
      throws RefusedException, TpmFormatException, IOException {
    Instant now = clock.instant();
    Challenge challenge =
        challenges
            .take(nonce)
            .orElseThrow(() ->
                new RefusedException("nonce: of no challenge that is open; each is for once"));
    if (!challenge.expiresAt().isAfter(now)) {
      throw new RefusedException("nonce: its challenge expired at " + challenge.expiresAt());
    }
    Policy.Rule rule = rule(challenge.binding().gateway());
    Evidence evidence = examined(challenge, quote, rule);
    Attest attest = evidence.attest();
    KnownKey _ =
        keys()
            .update(
                evidence.key().name(),
                before ->
                    advanced(before, evidence, activatedSecret)
                        .seen(now.toEpochMilli(), attest.clock(), attest.firmwareVersion()));
    return result(challenge, rule, evidence.key(), attest, now);
  }

  /**
   * What is wrong with a quote by itself, if anything: all that an appraisal looks at, but what is
   * remembered. It is for measuring; the challenge stays open.
   */
  public Optional<String> fault(Challenge challenge, Quote quote) {
    try {
      Evidence _ = examined(challenge, quote, rule(challenge.binding().gateway()));
      return Optional.empty();
    } catch (RefusedException | TpmFormatException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** A quote that is right by itself. */
  private record Evidence(AttestationKey key, Endorsement endorsement, Attest attest) {}

  private Evidence examined(Challenge challenge, Quote quote, Policy.Rule rule)
      throws RefusedException, TpmFormatException {
    Endorsement endorsement = endorsement(quote, rule);
    AttestationKey key = AttestationKey.check(quote.getAttestationKey(), rule.profile());
    return new Evidence(
        key, endorsement, new QuoteCheck(challenge, rule.profile()).check(quote, key, endorsement));
  }

  private KnownKey advanced(
      Optional<KnownKey> before, Evidence evidence, ByteString activatedSecret)
      throws RefusedException {
    Endorsement endorsement = evidence.endorsement();
    if (before.isEmpty()) {
      activations.prove(evidence.key(), endorsement, activatedSecret);
      return new KnownKey(
          evidence.key().name(), endorsement.keyHash(), clock.millis(), 0, 0, 0, 0, 0);
    }
    KnownKey known = before.get();
    if (!known.endorsementKeyHash().equals(endorsement.keyHash())) {
      throw new RefusedException(
          "endorsement_key: not the one this attestation key was activated with");
    }
    known.checkForward(evidence.attest().clock());
    return known;
  }

  private AttestationResult result(
      Challenge challenge, Policy.Rule rule, AttestationKey key, Attest attest, Instant now) {
    // Tokens count in seconds: a result may hold a little shorter, never longer.
    long issued = now.getEpochSecond() * 1000;
    HexFormat hex = HexFormat.of();
    return new AttestationResult(
        identity,
        challenge.binding().gateway(),
        challenge.binding().sessionId(),
        ResultToken.keyHash(challenge.binding().tlsPublicKey()),
        Base64Url.encode(challenge.binding().nonce().toByteArray()),
        issued,
        issued + policy.get().resultValidity().toMillis(),
        AFFIRMED,
        rule.profile().name(),
        key.name(),
        hex.formatHex(attest.pcrDigest().toByteArray()),
        attest.clock().resetCount(),
        attest.clock().restartCount());
  }

  private Endorsement endorsement(Quote quote, Policy.Rule rule)
      throws RefusedException, TpmFormatException {
    return Endorsement.check(
        quote.getEndorsementCertificatesList(), quote.getEndorsementKey(), rule, clock.instant());
  }

  private Policy.Rule rule(String gateway) throws RefusedException {
    return policy
        .get()
        .ruleFor(gateway)
        .orElseThrow(
            () -> new RefusedException("gateway: no profile of the policy names " + gateway));
  }

  private KnownKeys keys() {
    return keys.orElseThrow(() -> new IllegalStateException("used before its start"));
  }
}
