package org.odap.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.appraisal.RefusedException;
import org.odap.attestation.appraisal.Verifier.Offer;
import org.odap.attestation.appraisal.Verifier.Verdict;
import org.odap.attestation.attester.KeyKind;
import org.odap.attestation.attester.TpmFailure;
import org.odap.attestation.challenge.Binding;
import org.odap.attestation.challenge.Challenge;
import org.odap.attestation.tpm.Attest;
import org.odap.attestation.tpm.TpmPublic;
import org.odap.runtime.tpm.Measurement;

/** A real TPM's quotes before a verifier. */
@Tag("IT-8")
class AttestationTest {
  @TempDir static Path folder;
  @TempDir Path own;
  private static Path vendor;
  private static TestTpm tpm;

  @BeforeAll
  static void startTpm() throws Exception {
    vendor = folder.resolve("ca");
    tpm = new TestTpm(folder.resolve("tpm"), vendor, KeyKind.ECDSA, false);
  }

  @AfterAll
  static void stopTpm() {
    tpm.close();
  }

  private TestVerifier verifier() throws Exception {
    return verifier("");
  }

  private TestVerifier verifier(String more) throws Exception {
    return new TestVerifier(own, TestVerifier.policy(vendor, more));
  }

  @ParameterizedTest
  @CsvSource({
    "ECDSA, false",
    "RSASSA, false",
    "RSAPSS, false",
    "ECDSA, true",
    "RSASSA, true",
    "RSAPSS, true"
  })
  void goodQuotesAreAffirmedWhateverTheKeys(KeyKind kind, boolean eccEndorsement) throws Exception {
    TestVerifier verifier = verifier("event-log-required: true");

    Verdict verdict = verifier.attest(tpm.use(kind, eccEndorsement));

    assertThat(verdict).isInstanceOf(Verdict.Affirmed.class);
    var result = ((Verdict.Affirmed) verdict).result();
    assertThat(result.gateway()).isEqualTo(TestVerifier.GATEWAY);
    assertThat(result.sessionId()).isEqualTo(TestVerifier.SESSION);
    assertThat(result.policy()).isEqualTo("test machine");
    tpm.use(KeyKind.ECDSA, false);
  }

  @Test
  void aQuoteForAnotherConnectionSessionOrGatewayIsRefused() throws Exception {
    TestVerifier verifier = verifier();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);

    Challenge challenge = verifier.challenge();
    Binding asked = challenge.binding();
    List<Binding> relayed =
        List.of(
            new Binding(asked.nonce(), asked.sessionId(), asked.gateway(), "MFkwEwYHKoZIzj0CAR"),
            new Binding(asked.nonce(), "another", asked.gateway(), asked.tlsPublicKey()),
            new Binding(
                asked.nonce(),
                asked.sessionId(),
                "odapgw://beta.example/gateway-2",
                asked.tlsPublicKey()),
            verifier.challenge().binding());

    for (Binding other : relayed) {
      Challenge open = verifier.challenge();
      Binding wrong =
          other.nonce().equals(asked.nonce())
              ? new Binding(
                  open.binding().nonce(), other.sessionId(), other.gateway(), other.tlsPublicKey())
              : other;
      assertThat(verifier.refusal(open, tpm.attester().quote(wrong, open.pcrs())))
          .startsWith("attest.extraData: value");
    }
  }

  @Test
  void aNonceIsForOnce() throws Exception {
    TestVerifier verifier = verifier();
    Challenge challenge = verifier.challenge();
    Quote quote = tpm.quote(challenge);
    ByteString secret = verifier.activated(tpm, quote);
    assertThat(verifier.verifier.appraise(challenge.binding().nonce(), quote, secret))
        .isInstanceOf(Verdict.Affirmed.class);

    assertThat(verifier.refusal(challenge, quote)).startsWith("nonce: of no challenge");
  }

  @Test
  void aLateAnswerIsRefused() throws Exception {
    TestVerifier verifier = verifier();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);
    Challenge challenge = verifier.challenge();
    Quote quote = tpm.quote(challenge);

    verifier.clock.pass(Duration.ofSeconds(60));

    assertThat(verifier.refusal(challenge, quote)).startsWith("nonce: its challenge expired");
  }

  @Test
  void aNewKeyMustShowThatItLivesInTheTpm() throws Exception {
    TestVerifier verifier = verifier();
    Challenge challenge = verifier.challenge();
    Quote quote = tpm.quote(challenge);
    assertThat(verifier.refusal(challenge, quote)).startsWith("activated_secret: missing");

    Challenge next = verifier.challenge();
    Quote again = tpm.quote(next);
    ByteString _ = verifier.activated(tpm, again);
    assertThat(
            verifier.verifier.appraise(
                next.binding().nonce(), again, ByteString.copyFrom(new byte[32])))
        .isEqualTo(new Verdict.Refused("activated_secret: not the credential's"));

    Challenge third = verifier.challenge();
    Quote late = tpm.quote(third);
    ByteString secret = verifier.activated(tpm, late);
    verifier.clock.pass(Duration.ofSeconds(59));
    Challenge fourth = verifier.challenge();
    verifier.clock.pass(Duration.ofSeconds(2));
    assertThat(verifier.verifier.appraise(fourth.binding().nonce(), tpm.quote(fourth), secret))
        .isEqualTo(new Verdict.Refused("activated_secret: its credential has expired"));
  }

  @Test
  void aCredentialOpensInItsTpmAlone() throws Exception {
    TestVerifier verifier = verifier();
    Quote quote = tpm.quote(verifier.challenge());
    var made = (Offer.Made) verifier.verifier.offerCredential(TestVerifier.GATEWAY, quote);
    try (TestTpm other = new TestTpm(own.resolve("tpm-2"), vendor, KeyKind.ECDSA, false)) {
      assertThatThrownBy(() -> other.activate(made.credential()))
          .isInstanceOf(TpmFailure.class)
          .hasMessageStartingWith("TPM2_ActivateCredential: ");
    }
    assertThat(tpm.activate(made.credential()).size()).isEqualTo(32);
  }

  @Test
  void anActivatedKeyIsKnownAfterARestart() throws Exception {
    assertThat(verifier().attest(tpm)).isInstanceOf(Verdict.Affirmed.class);

    TestVerifier again = verifier();
    Challenge challenge = again.challenge();
    Quote quote = tpm.quote(challenge);

    assertThat(again.verifier.offerCredential(TestVerifier.GATEWAY, quote))
        .isInstanceOf(Offer.Known.class);
    assertThat(again.verifier.appraise(challenge.binding().nonce(), quote, ByteString.EMPTY))
        .isInstanceOf(Verdict.Affirmed.class);
  }

  @Test
  void aKeyFileThatCantBeReadKeepsTheVerifierDown() throws Exception {
    assertThat(verifier().attest(tpm)).isInstanceOf(Verdict.Affirmed.class);
    Path file;
    try (Stream<Path> files = Files.list(own.resolve("known-keys"))) {
      file = files.findFirst().orElseThrow();
    }
    Files.writeString(file, "{\"name\":");

    assertThatThrownBy(this::verifier)
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": not readable; restore or delete it");
  }

  @Test
  void aKnownKeyStaysWithItsEndorsement() throws Exception {
    TestVerifier verifier = verifier();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);

    Challenge challenge = verifier.challenge();
    Quote other = tpm.use(KeyKind.ECDSA, true).quote(challenge);
    tpm.use(KeyKind.ECDSA, false);

    assertThat(verifier.refusal(challenge, other))
        .startsWith("endorsement_key: not the one this attestation key was activated with");
  }

  @Test
  void aQuoteFromBeforeTheLastStartIsRefused() throws Exception {
    TestVerifier verifier = verifier();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);
    Challenge kept = verifier.challenge();
    Quote old = tpm.quote(kept);

    tpm.powerCycle();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);

    assertThat(verifier.refusal(kept, old)).startsWith("attest.clockInfo.resetCount: value");
  }

  @Test
  void aQuoteFromBeforeTheLastOneIsRefused() throws Exception {
    TestVerifier verifier = verifier();
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);
    Challenge kept = verifier.challenge();
    Quote old = tpm.quote(kept);
    // The TPM counts milliseconds of its own.
    long clock = Attest.parse(old.getAttest()).clock().clock();
    while (Attest.parse(tpm.quote(verifier.challenge()).getAttest()).clock().clock() == clock) {
      Thread.onSpinWait();
    }
    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);

    assertThat(verifier.refusal(kept, old)).startsWith("attest.clockInfo.clock: value");
  }

  @Test
  void anUnsafeClockIsRefusedWhereThePolicySaysSo() throws Exception {
    TestVerifier verifier = verifier("safe-clock-required: true");
    tpm.powerCycle();

    Challenge challenge = verifier.challenge();

    assertThat(verifier.refusal(challenge, tpm.quote(challenge)))
        .startsWith("attest.clockInfo.safe: value: false");
  }

  @Test
  void aMachineThatStartedSomethingElseIsRefused() throws Exception {
    TestVerifier verifier = verifier();
    List<Measurement> evilFirmware = List.of(new Measurement(0, "evil firmware"));
    List<Measurement> evilKernel =
        List.of(TestTpm.BOOT.get(0), new Measurement(4, "evil kernel"), TestTpm.BOOT.get(3));
    try (TestTpm evil =
        new TestTpm(own.resolve("evil-1"), vendor, KeyKind.ECDSA, false, evilFirmware)) {
      Challenge challenge = verifier.challenge();
      assertThat(verifier.refusal(challenge, evil.quote(challenge)))
          .startsWith("pcr_values[0]: value: ");
    }
    try (TestTpm evil =
        new TestTpm(own.resolve("evil-2"), vendor, KeyKind.ECDSA, false, evilKernel)) {
      Challenge challenge = verifier.challenge();
      assertThat(verifier.refusal(challenge, evil.quote(challenge)))
          .startsWith("event_log: value: measured " + evilKernel.get(1).digest() + " into PCR 4");
    }
  }

  @Test
  void onlyTpmsThePolicyNamesAreTaken() throws Exception {
    TestVerifier verifier = verifier("endorsement-keys: [\"" + "0".repeat(64) + "\"]");
    Challenge challenge = verifier.challenge();

    assertThat(verifier.refusal(challenge, tpm.quote(challenge)))
        .startsWith("endorsement_key: value: ")
        .endsWith("(expected: a TPM the policy names)");
  }

  @Test
  void onlySignaturesThePolicyNamesAreTaken() throws Exception {
    TestVerifier verifier = verifier("signatures: [rsapss]");
    Challenge challenge = verifier.challenge();

    assertThat(verifier.refusal(challenge, tpm.quote(challenge)))
        .startsWith("attestation_key.scheme: value: ECDSA");
  }

  @Test
  void aGatewayWithoutAProfileGetsNoChallenge() throws Exception {
    TestVerifier verifier = verifier();

    assertThatThrownBy(() ->
            verifier.verifier.challenge(
                "odapgw://gamma.example/gateway-1", TestVerifier.SESSION, "MFkw"))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("gateway: no profile of the policy names odapgw://gamma.example");
  }

  @Test
  void aMissingEndorsementKeyIsMadeAgainFromItsTemplate() throws Exception {
    TestVerifier verifier = verifier();
    Verdict verdict = verifier.attest(tpm.useEndorsementAt("0x81010002", false));
    tpm.use(KeyKind.ECDSA, false);

    assertThat(verdict).isInstanceOf(Verdict.Affirmed.class);
    TestTpm without = tpm.useEndorsementAt("0x81010003", true);
    assertThatThrownBy(() -> without.quote(verifier.challenge()))
        .isInstanceOf(TpmFailure.class)
        .hasMessage("there is no endorsement key at 0x81010003, and no template for it");
    tpm.use(KeyKind.ECDSA, false);
  }

  /** As tpm2_createak makes them: a child of the endorsement key. */
  @Test
  void aKeyThatOtherToolsMadeUnderTheEndorsementKeyIsTaken() throws Exception {
    try (TestTpm other = new TestTpm(own.resolve("tools"), vendor, KeyKind.ECDSA, false)) {
      other.whileUnused(address -> {
        run(
            address,
            "tpm2_createak -C 0x81010001 -c ak.ctx -G ecc -g sha256 -s ecdsa -u ak.pub -n n");
        run(address, "tpm2_flushcontext -t");
        run(address, "tpm2_evictcontrol -C o -c 0x8101ff01");
        run(address, "tpm2_evictcontrol -C o -c ak.ctx 0x8101ff01");
        run(address, "tpm2_flushcontext -t");
      });

      assertThat(verifier().attest(other)).isInstanceOf(Verdict.Affirmed.class);
    }
  }

  private void run(String address, String command) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(command.split(" "))
            .directory(own.toFile())
            .redirectErrorStream(true)
            .redirectOutput(own.resolve("tools.log").toFile());
    process.environment().put("TPM2TOOLS_TCTI", "swtpm:host=" + address.replace(":", ",port="));
    assertThat(process.start().waitFor())
        .as(() -> command + ": " + text(own.resolve("tools.log")))
        .isZero();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void theTpmThePolicyNamesIsTaken() throws Exception {
    Quote quote = tpm.quote(verifier().challenge());
    var certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(quote.getEndorsementCertificates(0).newInput());
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());

    TestVerifier verifier =
        verifier("endorsement-keys: [\"" + HexFormat.of().formatHex(hash) + "\"]");

    assertThat(verifier.attest(tpm)).isInstanceOf(Verdict.Affirmed.class);
  }

  /** A second opinion on what we make the TPM sign. */
  @ParameterizedTest
  @CsvSource({"ECDSA", "RSASSA"})
  void otherToolsVerifyOurQuotes(KeyKind kind) throws Exception {
    Challenge challenge = verifier().challenge();
    Quote quote = tpm.use(kind, false).quote(challenge);
    tpm.use(KeyKind.ECDSA, false);
    Files.write(own.resolve("attest"), quote.getAttest().toByteArray());
    Files.write(own.resolve("signature"), quote.getSignature().toByteArray());
    byte[] key = TpmPublic.parse("key", quote.getAttestationKey()).publicKey().getEncoded();
    Files.writeString(
        own.resolve("key.pem"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PUBLIC KEY-----\n");
    String nonce = HexFormat.of().formatHex(challenge.binding().qualifyingData().toByteArray());

    assertThat(checkQuote(nonce)).isZero();
    assertThat(checkQuote("00".repeat(32))).isNotZero();
  }

  private int checkQuote(String nonce) throws Exception {
    return new ProcessBuilder(
            List.of(
                "tpm2_checkquote",
                "--public=key.pem",
                "--message=attest",
                "--signature=signature",
                "--qualification=" + nonce))
        .directory(own.toFile())
        .redirectErrorStream(true)
        .redirectOutput(own.resolve("checkquote.log").toFile())
        .start()
        .waitFor();
  }
}
