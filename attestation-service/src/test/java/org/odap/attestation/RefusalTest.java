package org.odap.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.appraisal.Verifier.Verdict;
import org.odap.attestation.attester.KeyKind;
import org.odap.attestation.challenge.Challenge;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.tpm.DevelopmentTpm;

/** A good quote of a real TPM, changed in one place: each change is refused with its reason. */
@Tag("IT-8")
class RefusalTest {
  private static final int DAMAGED = 3_000;

  @TempDir static Path folder;
  private static TestTpm tpm;
  private static TestVerifier verifier;
  private static Quote stranger;
  private static Quote sibling;
  private static ByteString issuer;

  /** One change, and how the refusal begins. */
  record Mutation(String what, String reason, UnaryOperator<Quote> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void startTpms() throws Exception {
    Path vendor = folder.resolve("ca");
    tpm = new TestTpm(folder.resolve("tpm"), vendor, KeyKind.RSASSA, false);
    verifier =
        new TestVerifier(
            folder.resolve("verifier"),
            TestVerifier.policy(
                vendor, "event-log-required: true\nfirmware-versions: [\"2019102300163636\"]"));
    try (TestTpm other =
        new TestTpm(folder.resolve("o"), folder.resolve("other-ca"), KeyKind.ECDSA, false)) {
      stranger = other.quote(verifier.challenge());
    }
    sibling = tpm.quote(verifier.challenge());
    assertThat(verifier.attest(tpm.use(KeyKind.ECDSA, false)))
        .as("unchanged it is taken")
        .isInstanceOf(Verdict.Affirmed.class);
    issuer =
        ByteString.copyFrom(
            Pem.certificates(DevelopmentTpm.issuer(vendor)).getFirst().getEncoded());
  }

  @AfterAll
  static void stopTpm() {
    tpm.close();
  }

  static Stream<Mutation> mutations() {
    List<Mutation> all = new ArrayList<>();
    // TPMS_ATTEST: magic 0, type 4, qualifiedSigner 6, extraData 42, clock 76, resetCount 84,
    // restartCount 88, safe 92, firmwareVersion 93, pcrSelect 101, pcrDigest 111; 145 bytes.
    all.add(attest("magic", "attest.magic: value: 0xff544346", set(3, 0x46)));
    all.add(attest("type of a certification", "attest.type: value: 0x8017", set(5, 0x17)));
    all.add(
        attest("a byte after attest", "attest: 1 bytes after its end", b -> b.concat(zeros(1))));
    all.add(
        attest("attest cut off", "attest.pcrDigest: value: 31 bytes", b -> b.substring(0, 144)));
    all.add(attest("no attest", "attest.magic: value: 0 bytes left", b -> ByteString.EMPTY));
    all.add(attest("qualified signer", "attest.qualifiedSigner: value", flip(20)));
    all.add(attest("its length", "attest.qualifiedSigner.size: value: 290", set(6, 1)));
    all.add(attest("extra data", "attest.extraData: value", flip(50)));
    all.add(attest("clock ahead", "signature: not the attestation key's", set(79, 9)));
    all.add(attest("reset count ahead", "signature: not the attestation key's", set(84, 1)));
    all.add(attest("restart count ahead", "signature: not the attestation key's", set(91, 77)));
    all.add(attest("safe is no boolean", "attest.clockInfo.safe: value: 2", set(92, 2)));
    all.add(attest("safe toggled", "signature: not the attestation key's", flipBit(92)));
    all.add(attest("firmware version", "attest.firmwareVersion: value: 20191023", flip(100)));
    all.add(attest("PCR bank", "attest.pcrSelect: value: [Bank[algorithm=SHA1", set(106, 4)));
    all.add(attest("unknown PCR bank", "attest.pcrSelect[0].hash: value: 0x0099", set(106, 0x99)));
    all.add(attest("a PCR more", "attest.pcrSelect: value", set(109, 1)));
    all.add(attest("a PCR less", "attest.pcrSelect: value", set(108, 1)));
    all.add(attest("two banks", "attest.pcrSelect[1].hash", set(104, 2)));
    all.add(attest("PCR digest", "attest.pcrDigest: value", flip(120)));

    all.add(pcr("PCR value", "attest.pcrDigest: value", values -> values.set(1, zeros(32))));
    all.add(pcr("PCR values swapped", "attest.pcrDigest", v -> v.add(v.removeFirst())));
    all.add(pcr("PCR value missing", "pcr_values: value: [32, 32]", List::removeLast));
    all.add(pcr("PCR value too long", "pcr_values: value", v -> v.set(0, zeros(33))));

    all.add(signature("signature", "signature: not the attestation key's", flip(10)));
    all.add(signature("a byte after it", "signature: 1 bytes after", b -> b.concat(zeros(1))));
    all.add(signature("cut off", "signature.signatureS", b -> b.substring(0, b.size() - 1)));
    all.add(signature("its algorithm", "signature", set(1, 0x14)));
    all.add(signature("unknown algorithm", "signature.sigAlg: value: 0x0099", set(1, 0x99)));
    all.add(signature("its hash", "signature.sigAlg: value", set(3, 0x0c)));
    all.add(signature("zeros", "signature: not the attestation key's", b -> zeroSignature()));

    all.add(key("not restricted", "attestation_key.objectAttributes.restricted", flipBit(5)));
    all.add(key("not signing", "attestation_key.objectAttributes.sign: ", clear(5, 4)));
    all.add(key("decrypting", "attestation_key.objectAttributes.decrypt", flip(5, 2)));
    all.add(key("not fixed to the TPM", "attestation_key.objectAttributes.fixedTPM", flip(7, 2)));
    all.add(key("not fixed", "attestation_key.objectAttributes.fixedParent", flip(7, 16)));
    all.add(key("imported", "attestation_key.objectAttributes.sensitiveDataOrigin", flip(7, 32)));
    all.add(key("reserved bit", "attestation_key.objectAttributes: value", flip(4, 128)));
    all.add(key("no policy but one", "attestation_key.authPolicy.size", set(8, 1)));
    all.add(key("a byte after the key", "attestation_key: 1 bytes", b -> b.concat(zeros(1))));
    all.add(
        key("off the curve", "attestation_key.unique: value", b -> flip(b.size() - 1).apply(b)));
    all.add(key("another type", "attestation_key.type: value: 0x0008", set(1, 8)));
    all.add(
        quote(
            "another key of this TPM",
            "attest.qualifiedSigner",
            q -> q.toBuilder().setAttestationKey(sibling.getAttestationKey()).build()));

    all.add(
        quote(
            "another TPM's endorsement key",
            "endorsement_key: not the key of its certificate",
            q -> q.toBuilder().setEndorsementKey(stranger.getEndorsementKey()).build()));
    all.add(
        quote(
            "endorsement key that signs",
            "endorsement_key.objectAttributes",
            q -> q.toBuilder().setEndorsementKey(flip(5, 4).apply(q.getEndorsementKey())).build()));
    all.add(
        quote(
            "another vendor's certificate",
            "endorsement_certificates: do not lead to a trusted vendor",
            q -> withCertificates(q, stranger.getEndorsementCertificatesList())));
    all.add(
        quote(
            "no certificate",
            "endorsement_certificates: value: 0 certificates",
            q -> withCertificates(q, List.of())));
    all.add(
        quote(
            "intermediate missing",
            "endorsement_certificates: do not lead to a trusted vendor",
            q -> withCertificates(q, List.of(q.getEndorsementCertificates(0)))));
    all.add(
        quote(
            "certificate unreadable",
            "endorsement_certificates[0]: not a certificate",
            q -> withCertificates(q, List.of(zeros(100), issuer))));
    all.add(
        quote(
            "certificate with another signature",
            "endorsement_certificates: do not lead to a trusted vendor",
            q ->
                withCertificates(
                    q,
                    List.of(
                        flip(q.getEndorsementCertificates(0).size() - 5)
                            .apply(q.getEndorsementCertificates(0)),
                        issuer))));
    all.add(
        quote(
            "an authority's certificate",
            "endorsement_certificates[0].basicConstraints",
            q -> withCertificates(q, List.of(issuer))));

    all.add(log("no event log", "event_log: missing", b -> ByteString.EMPTY));
    all.add(log("event log cut off", "event_log.events[3]", b -> b.substring(0, b.size() - 1)));
    // Header 73 bytes; the first event's digest begins 14 bytes into it.
    all.add(log("event digest", "event_log: value: replays PCR 0", flip(73 + 14)));
    all.add(
        log(
            "last event left out",
            "event_log: value: replays PCR 7",
            b -> b.substring(0, last(b))));
    all.add(log("no log at all", "event_log.header", b -> zeros(12)));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void everyChangeIsRefusedWithItsReason(Mutation mutation) throws Exception {
    Challenge challenge = verifier.challenge();
    Quote good = tpm.quote(challenge);

    Quote changed = mutation.change().apply(good);

    assertThat(changed).isNotEqualTo(good);
    assertThat(verifier.refusal(challenge, changed)).startsWith(mutation.reason());
  }

  @Test
  void aQuoteDamagedAnywhereIsRefusedAndNeverBreaksTheVerifier() throws Exception {
    Challenge challenge = verifier.challenge();
    Quote good = tpm.quote(challenge);
    assertThat(verifier.verifier.fault(challenge, good)).isEmpty();
    long seed = Long.getLong("odap.seed", System.nanoTime());
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      byte[] bytes = good.toByteArray();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Quote damaged = Quote.parseFrom(bytes);
        Optional<String> fault = verifier.verifier.fault(challenge, damaged);
        boolean mayPass = sameInWhatIsSigned(damaged, good);
        assertThat(fault.isPresent() || mayPass).as("seed " + seed + ", " + i).isTrue();
        refused += fault.isPresent() ? 1 : 0;
      } catch (InvalidProtocolBufferException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", quote " + i, e);
      }
    }
    System.out.printf("damaged quotes: seed %d, %d of %d refused%n", seed, refused, DAMAGED);
  }

  /**
   * Nothing signs an event's data, what the endorsement key's area says beside its key, and how a
   * message is written.
   */
  private static boolean sameInWhatIsSigned(Quote damaged, Quote good) {
    return damaged.getAttest().equals(good.getAttest())
        && damaged.getPcrValuesList().equals(good.getPcrValuesList())
        && damaged.getAttestationKey().equals(good.getAttestationKey());
  }

  private static int last(ByteString log) {
    return log.size() - (18 + 32 + TestTpm.BOOT.getLast().what().length());
  }

  private static Quote withCertificates(Quote quote, List<ByteString> certificates) {
    return quote.toBuilder()
        .clearEndorsementCertificates()
        .addAllEndorsementCertificates(certificates)
        .build();
  }

  private static ByteString zeroSignature() {
    // ECDSA with SHA-256 whose r and s are 0: taken for any message by careless code.
    return ByteString.fromHex("0018000b").concat(sizedZeros()).concat(sizedZeros());
  }

  private static ByteString sizedZeros() {
    return ByteString.fromHex("0020").concat(zeros(32));
  }

  private static Mutation quote(String what, String reason, UnaryOperator<Quote> change) {
    return new Mutation(what, reason, change);
  }

  private static Mutation attest(String what, String reason, UnaryOperator<ByteString> change) {
    return quote(what, reason, q -> q.toBuilder().setAttest(change.apply(q.getAttest())).build());
  }

  private static Mutation signature(String what, String reason, UnaryOperator<ByteString> change) {
    return quote(
        "signature: " + what,
        reason,
        q -> q.toBuilder().setSignature(change.apply(q.getSignature())).build());
  }

  private static Mutation key(String what, String reason, UnaryOperator<ByteString> change) {
    return quote(
        "attestation key: " + what,
        reason,
        q -> q.toBuilder().setAttestationKey(change.apply(q.getAttestationKey())).build());
  }

  private static Mutation log(String what, String reason, UnaryOperator<ByteString> change) {
    return quote(
        what, reason, q -> q.toBuilder().setEventLog(change.apply(q.getEventLog())).build());
  }

  private static Mutation pcr(
      String what, String reason, java.util.function.Consumer<List<ByteString>> change) {
    return quote(
        what,
        reason,
        q -> {
          List<ByteString> values = new ArrayList<>(q.getPcrValuesList());
          change.accept(values);
          return q.toBuilder().clearPcrValues().addAllPcrValues(values).build();
        });
  }

  private static UnaryOperator<ByteString> set(int at, int value) {
    return bytes -> changed(bytes, at, value);
  }

  private static UnaryOperator<ByteString> flip(int at) {
    return flip(at, 0xff);
  }

  private static UnaryOperator<ByteString> flipBit(int at) {
    return flip(at, 1);
  }

  private static UnaryOperator<ByteString> flip(int at, int bits) {
    return bytes -> changed(bytes, at, bytes.byteAt(at) ^ bits);
  }

  private static UnaryOperator<ByteString> clear(int at, int bits) {
    return bytes -> changed(bytes, at, bytes.byteAt(at) & ~bits);
  }

  private static ByteString changed(ByteString bytes, int at, int value) {
    byte[] copy = bytes.toByteArray();
    copy[at] = (byte) value;
    return ByteString.copyFrom(copy);
  }

  private static ByteString zeros(int count) {
    return ByteString.copyFrom(new byte[count]);
  }
}
