package org.odap.attestation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.appraisal.Policy;
import org.odap.attestation.appraisal.RefusedException;
import org.odap.attestation.appraisal.Verifier;
import org.odap.attestation.attester.TpmFailure;
import org.odap.attestation.challenge.Challenge;
import org.odap.runtime.tpm.DevelopmentTpm;
import org.odap.runtime.tpm.Measurement;

/** A verifier with a policy for {@link TestTpm}'s machine. */
public final class TestVerifier {
  public static final String GATEWAY = "odapgw://beta.example/gateway-1";
  public static final String SESSION = "11111111-2222-4333-8444-555555555555";

  /** Any base64url does: a key is compared, not used. */
  public static final String TLS_KEY = "MFkwEwYHKoZIzj0CAQ";

  public final ManualClock clock = new ManualClock();
  public final Verifier verifier;

  public TestVerifier(Path folder, String policy) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.writeString(folder.resolve("policy.yaml"), policy);
    Policy read = Policy.read(file);
    verifier =
        new Verifier(
            () -> read,
            folder.resolve("known-keys"),
            Duration.ofSeconds(60),
            "odapattestation://alpha.example/verifier",
            clock);
    verifier.start();
  }

  /** A policy that takes what {@link TestTpm#BOOT} measures into PCRs 0, 4 and 7. */
  public static String policy(Path vendor, String more) {
    Map<Integer, String> values = Measurement.values(TestTpm.BOOT);
    return """
    profiles:
      - name: test machine
        gateways: [odapgw://beta.example/*]
        endorsement-roots: [%s]
        pcr-values:
          0: ["%s"]
          7: ["%s"]
        pcr-events:
          4: ["%s", "%s"]
    %s
    """
        .formatted(
            DevelopmentTpm.root(vendor),
            values.get(0),
            values.get(7),
            TestTpm.BOOT.get(1).digest(),
            TestTpm.BOOT.get(2).digest(),
            more.indent(4));
  }

  public Challenge challenge() throws RefusedException {
    return verifier.challenge(GATEWAY, SESSION, TLS_KEY).orElseThrow();
  }

  /** Opens the credential of a key that is new. */
  public ByteString activated(TestTpm tpm, Quote quote) throws RefusedException, TpmFailure {
    return switch (verifier.offerCredential(GATEWAY, quote)) {
      case Verifier.Offer.Made made -> tpm.activate(made.credential());
      case Verifier.Offer.Known _ -> ByteString.EMPTY;
      case Verifier.Offer.TooMany _ -> throw new IllegalStateException("too many");
    };
  }

  /** All of it: challenge, quote, activation when due, appraisal. */
  public Verifier.Verdict attest(TestTpm tpm) throws Exception {
    Challenge challenge = challenge();
    Quote quote = tpm.quote(challenge);
    return verifier.appraise(challenge.binding().nonce(), quote, activated(tpm, quote));
  }

  /** Appraises a quote of a key that is known. */
  public String refusal(Challenge challenge, Quote quote) throws IOException {
    return switch (verifier.appraise(challenge.binding().nonce(), quote, ByteString.EMPTY)) {
      case Verifier.Verdict.Refused refused -> refused.reason();
      case Verifier.Verdict.Affirmed affirmed -> throw new AssertionError("taken: " + affirmed);
    };
  }
}
