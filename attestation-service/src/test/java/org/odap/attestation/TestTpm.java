package org.odap.attestation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.attester.Attester;
import org.odap.attestation.attester.AttesterConfig;
import org.odap.attestation.attester.KeyKind;
import org.odap.attestation.attester.TpmFailure;
import org.odap.attestation.challenge.Challenge;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.tpm.DevelopmentTpm;
import org.odap.runtime.tpm.Measurement;

/** A real TPM (swtpm) with a booted machine around it, and an attester on it. */
public final class TestTpm implements AutoCloseable {
  /** What the machine has started. */
  public static final List<Measurement> BOOT =
      List.of(
          new Measurement(0, "firmware 1.0"),
          new Measurement(4, "boot loader 2.12"),
          new Measurement(4, "kernel 6.12"),
          new Measurement(7, "secure boot on"));

  private final Path folder;
  private final Path vendor;
  private final AttesterConfig config;
  private DevelopmentTpm chip;
  private Attester attester;

  /** The machine's TPM, with an endorsement key RSA 2048 or P-384. */
  public TestTpm(Path folder, Path vendor, KeyKind kind, boolean eccEndorsement)
      throws IOException, InterruptedException {
    this(folder, vendor, kind, eccEndorsement, BOOT);
  }

  /** The same after having started other things. */
  public TestTpm(
      Path folder, Path vendor, KeyKind kind, boolean eccEndorsement, List<Measurement> boot)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.vendor = vendor;
    this.chip = DevelopmentTpm.start(folder, vendor);
    Path log = chip.boot(boot);
    this.config = config(chip, vendor, kind, eccEndorsement, log);
    this.attester = started(config);
  }

  /** How an attester uses such a TPM. */
  public static AttesterConfig config(
      DevelopmentTpm chip, Path vendor, KeyKind kind, boolean eccEndorsement, Path eventLog) {
    return new AttesterConfig(
        Optional.empty(),
        Optional.of(chip.address()),
        kind,
        switch (kind) {
          case ECDSA -> "0x8101ff01";
          case RSASSA -> "0x8101ff02";
          case RSAPSS -> "0x8101ff03";
        },
        eccEndorsement ? DevelopmentTpm.ECC_KEY_HANDLE : DevelopmentTpm.RSA_KEY_HANDLE,
        eccEndorsement
            ? DevelopmentTpm.ECC_CERTIFICATE_INDEX
            : DevelopmentTpm.RSA_CERTIFICATE_INDEX,
        Optional.of(DevelopmentTpm.issuer(vendor)),
        Optional.of(eventLog),
        Duration.ofSeconds(30));
  }

  private static Attester started(AttesterConfig config) {
    Attester attester = new Attester(config, new ServiceHealth());
    attester.start();
    return attester;
  }

  /** Another key of the same TPM; this one's attester is closed, as swtpm serves one at a time. */
  public TestTpm use(KeyKind kind, boolean eccEndorsement) {
    attester.stop(Duration.ZERO);
    attester = started(config(chip, vendor, kind, eccEndorsement, config.eventLog().orElseThrow()));
    return this;
  }

  /** An endorsement key elsewhere than its vendor has put it. */
  public TestTpm useEndorsementAt(String handle, boolean eccEndorsement) {
    attester.stop(Duration.ZERO);
    AttesterConfig usual =
        config(chip, vendor, KeyKind.ECDSA, eccEndorsement, config.eventLog().orElseThrow());
    attester =
        started(
            new AttesterConfig(
                usual.device(),
                usual.swtpm(),
                usual.attestationKey(),
                usual.attestationKeyHandle(),
                handle,
                usual.endorsementCertificateIndex(),
                usual.endorsementChain(),
                usual.eventLog(),
                usual.timeout()));
    return this;
  }

  /** Something that talks to a TPM by itself. */
  @FunctionalInterface
  public interface Use {
    void of(String address) throws Exception;
  }

  /** Lets somebody else at the TPM, who finds it as the attester left it. */
  public void whileUnused(Use use) throws Exception {
    attester.stop(Duration.ZERO);
    use.of(chip.address());
    attester = started(config);
  }

  /** Cuts the machine's power and starts it again. */
  public void powerCycle() throws IOException, InterruptedException {
    attester.stop(Duration.ZERO);
    chip.close();
    chip = DevelopmentTpm.start(folder, vendor);
    Path log = chip.boot(BOOT);
    attester =
        started(
            config(
                chip,
                vendor,
                config.attestationKey(),
                config.endorsementKeyHandle().equals(DevelopmentTpm.ECC_KEY_HANDLE),
                log));
  }

  public Attester attester() {
    return attester;
  }

  public Quote quote(Challenge challenge) throws TpmFailure {
    return attester.quote(challenge.binding(), challenge.pcrs());
  }

  public ByteString activate(org.odap.attestation.tpm.Credential credential) throws TpmFailure {
    return attester.activate(credential.blob(), credential.encryptedSecret());
  }

  @Override
  public void close() {
    attester.stop(Duration.ZERO);
    chip.close();
  }
}
