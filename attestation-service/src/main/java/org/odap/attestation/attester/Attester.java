package org.odap.attestation.attester;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.challenge.Binding;
import org.odap.attestation.tpm.Attest;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.attestation.tpm.TpmFormatException;
import org.odap.attestation.tpm.TpmPublic;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tss.TpmBuffer;
import tss.tpm.TPMS_ID_OBJECT;
import tss.tpm.TPMT_PUBLIC;

/**
 * Has this machine's TPM quote its PCRs and open credentials (RATS attester).
 *
 * <p>The attestation key is a primary key of the endorsement hierarchy, made once and kept at a
 * persistent handle. Commands go to the TPM one at a time: guarded by this.
 */
public final class Attester implements Part {
  private static final Logger log = LoggerFactory.getLogger(Attester.class);

  /** A PCR may be extended between reading it and quoting it. */
  private static final int QUOTE_TRIES = 3;

  /** What the log's parser takes, and a message carries. */
  private static final int EVENT_LOG_BYTES_MAX = 2 << 20;

  private final AttesterConfig config;
  private final TpmChip chip;
  private final ServiceHealth.Condition usable;
  private final int attestationHandle;
  private final int endorsementHandle;
  private Optional<Keys> keys = Optional.empty();

  /** The keys of this TPM, once it was asked for them. */
  private record Keys(
      ByteString attestationKey,
      TpmPublic endorsementKey,
      List<ByteString> endorsementCertificates) {}

  /** The attester of a TPM, which need not be there yet. */
  public Attester(AttesterConfig config, ServiceHealth health) {
    this.config = config;
    this.chip = new TpmChip(source(config));
    this.usable = health.condition("tpm");
    this.attestationHandle = AttesterConfig.number(config.attestationKeyHandle());
    this.endorsementHandle = AttesterConfig.number(config.endorsementKeyHandle());
  }

  private static TpmStream.Source source(AttesterConfig config) {
    return config
        .device()
        .<TpmStream.Source>map(device -> () -> TpmStream.device(device))
        .orElseGet(() -> () -> TpmStream.swtpm(config.swtpm().orElseThrow(), config.timeout()));
  }

  @Override
  public String name() {
    return "attester";
  }

  @Override
  public synchronized void start() {
    try {
      Keys _ = keys();
    } catch (TpmFailure e) {
      log.atError().addKeyValue("cause", e.getMessage()).log("TPM not usable; asked again later");
    }
  }

  @Override
  public synchronized void stop(Duration limit) {
    chip.close();
  }

  /** Quotes the PCRs for a challenge, with all that is needed to appraise the quote. */
  public synchronized Quote quote(Binding binding, List<Integer> pcrs) throws TpmFailure {
    Keys known = keys();
    ByteString eventLog = eventLog();
    for (int i = 0; i < QUOTE_TRIES; i++) {
      List<ByteString> values = chip.readPcrs(pcrs);
      TpmChip.Signed signed = chip.quote(attestationHandle, binding.qualifyingData(), pcrs);
      if (digest(signed).equals(HashAlgorithm.SHA256.digest(values.toArray(ByteString[]::new)))) {
        return Quote.newBuilder()
            .setAttest(signed.attest())
            .setSignature(signed.signature())
            .setAttestationKey(known.attestationKey())
            .setEndorsementKey(known.endorsementKey().encoded())
            .addAllEndorsementCertificates(known.endorsementCertificates())
            .addAllPcrValues(values)
            .setEventLog(eventLog)
            .build();
      }
    }
    throw new TpmFailure(
        TpmFailure.Kind.UNREACHABLE, "TPM2_Quote: the PCRs change faster than they are quoted");
  }

  private static ByteString digest(TpmChip.Signed signed) throws TpmFailure {
    try {
      return Attest.parse(signed.attest()).pcrDigest();
    } catch (TpmFormatException e) {
      throw new TpmFailure(TpmFailure.Kind.REFUSED, "TPM2_Quote: " + e.getMessage(), e);
    }
  }

  /** Opens a credential (TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET) made for our keys. */
  public synchronized ByteString activate(ByteString blob, ByteString encryptedSecret)
      throws TpmFailure {
    Keys known = keys();
    return chip.activate(
        attestationHandle,
        endorsementHandle,
        known.endorsementKey().attributes(),
        idObject(blob),
        unsized("encrypted_secret", encryptedSecret).toByteArray());
  }

  private static TPMS_ID_OBJECT idObject(ByteString blob) throws TpmFailure {
    TpmBuffer content = new TpmBuffer(unsized("credential_blob", blob).toByteArray());
    TPMS_ID_OBJECT object = new TPMS_ID_OBJECT();
    object.integrityHMAC = content.readSizedByteBuf();
    object.encIdentity = content.readByteBuf(content.size() - content.curPos());
    return object;
  }

  /** A TPM2B's content. */
  private static ByteString unsized(String field, ByteString sized) throws TpmFailure {
    int size =
        sized.size() < Short.BYTES
            ? -1
            : Short.toUnsignedInt(sized.asReadOnlyByteBuffer().getShort());
    if (size != sized.size() - Short.BYTES) {
      throw new TpmFailure(TpmFailure.Kind.REFUSED, field + ": its size is not that of its bytes");
    }
    return sized.substring(Short.BYTES);
  }

  private Keys keys() throws TpmFailure {
    if (keys.isEmpty()) {
      try {
        keys = Optional.of(readKeys());
        usable.met();
      } catch (TpmFailure e) {
        usable.unmet(e.getMessage());
        throw e;
      }
    }
    return keys.get();
  }

  private Keys readKeys() throws TpmFailure {
    X509Certificate certificate = endorsementCertificate();
    TpmPublic endorsementKey = endorsementKey(certificate);
    List<ByteString> certificates = new ArrayList<>();
    try {
      certificates.add(UnsafeByteOperations.unsafeWrap(certificate.getEncoded()));
      if (config.endorsementChain().isPresent()) {
        for (X509Certificate issuer : Pem.certificates(config.endorsementChain().get())) {
          certificates.add(UnsafeByteOperations.unsafeWrap(issuer.getEncoded()));
        }
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can't be written", e);
    }
    ByteString attestationKey = attestationKey();
    log.atInfo()
        .addKeyValue("endorsement_key", config.endorsementKeyHandle())
        .addKeyValue("attestation_key", config.attestationKeyHandle())
        .log("TPM usable");
    return new Keys(attestationKey, endorsementKey, List.copyOf(certificates));
  }

  private X509Certificate endorsementCertificate() throws TpmFailure {
    String index = config.endorsementCertificateIndex();
    ByteString der =
        chip.readNv(AttesterConfig.number(index))
            .orElseThrow(() ->
                new TpmFailure(
                    TpmFailure.Kind.REFUSED,
                    "the TPM has no endorsement certificate at NV index " + index));
    try {
      // What lies behind the certificate in its area is filling, and not read.
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    } catch (CertificateException e) {
      throw new TpmFailure(
          TpmFailure.Kind.REFUSED, "NV index " + index + " holds no certificate", e);
    }
  }

  private TpmPublic endorsementKey(X509Certificate certificate) throws TpmFailure {
    String handle = config.endorsementKeyHandle();
    if (chip.readPublic(endorsementHandle).isEmpty()) {
      TPMT_PUBLIC template =
          EndorsementTemplates.of(certificate.getPublicKey())
              .orElseThrow(() ->
                  new TpmFailure(
                      TpmFailure.Kind.REFUSED,
                      "there is no endorsement key at " + handle + ", and no template for it"));
      chip.makeEndorsedKey(template, endorsementHandle);
    }
    TpmPublic key = parsed("endorsement key", endorsementHandle);
    if (!key.publicKey().equals(certificate.getPublicKey())) {
      throw new TpmFailure(
          TpmFailure.Kind.REFUSED,
          "the key at " + handle + " is not that of the endorsement certificate");
    }
    return key;
  }

  private ByteString attestationKey() throws TpmFailure {
    if (chip.readPublic(attestationHandle).isEmpty()) {
      chip.makeEndorsedKey(config.attestationKey().template(), attestationHandle);
      log.atInfo().addKeyValue("handle", config.attestationKeyHandle()).log("attestation key made");
    }
    TpmPublic key = parsed("attestation key", attestationHandle);
    boolean isWanted =
        key.scheme()
            .filter(scheme -> scheme.algorithm().name().equals(config.attestationKey().name()))
            .isPresent();
    if (!isWanted || !key.attributes().restricted() || !key.attributes().sign()) {
      throw new TpmFailure(
          TpmFailure.Kind.REFUSED,
          "the key at "
              + config.attestationKeyHandle()
              + " is none that signs quotes by "
              + config.attestationKey());
    }
    return key.encoded();
  }

  private TpmPublic parsed(String what, int handle) throws TpmFailure {
    try {
      return TpmPublic.parse(
          what,
          chip.readPublic(handle)
              .orElseThrow(
                  () -> new TpmFailure(TpmFailure.Kind.REFUSED, "the " + what + " is gone")));
    } catch (TpmFormatException e) {
      throw new TpmFailure(TpmFailure.Kind.REFUSED, e.getMessage(), e);
    }
  }

  private ByteString eventLog() throws TpmFailure {
    if (config.eventLog().isEmpty()) {
      return ByteString.EMPTY;
    }
    Path file = config.eventLog().get();
    // The kernel's file says size 0: it is read to its end.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] log = in.readNBytes(EVENT_LOG_BYTES_MAX + 1);
      if (log.length > EVENT_LOG_BYTES_MAX) {
        throw new TpmFailure(
            TpmFailure.Kind.REFUSED,
            "the event log " + file + " is longer than " + EVENT_LOG_BYTES_MAX + " bytes");
      }
      return UnsafeByteOperations.unsafeWrap(log);
    } catch (IOException e) {
      throw new TpmFailure(
          TpmFailure.Kind.UNREACHABLE, "the event log " + file + " can't be read", e);
    }
  }
}
