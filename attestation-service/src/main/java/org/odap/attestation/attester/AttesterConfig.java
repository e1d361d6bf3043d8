package org.odap.attestation.attester;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** The TPM of this machine, and its keys. */
public record AttesterConfig(
    @Description("TPM device, such as /dev/tpmrm0") Optional<Path> device,
    @Description("host:port of a software TPM (swtpm) instead, for development")
        Optional<String> swtpm,
    @Description("how the attestation key signs") @Default("ecdsa") KeyKind attestationKey,
    @Description("persistent handle of the attestation key; it is made there when there is none")
        @Default("0x8101ff01")
        String attestationKeyHandle,
    @Description(
            "persistent handle of the endorsement key; it is made there, by the TCG's template for"
                + " its certificate, when there is none")
        @Default("0x81010001")
        String endorsementKeyHandle,
    @Description("NV index of the endorsement key's certificate") @Default("0x01c00002")
        String endorsementCertificateIndex,
    @Description("PEM file of the certificates between that one and its vendor's root")
        Optional<Path> endorsementChain,
    @Description("event log, such as /sys/kernel/security/tpm0/binary_bios_measurements")
        Optional<Path> eventLog,
    @Description("time a software TPM has for an answer")
        @Default("30s")
        @Bounds(min = "100ms", max = "10m")
        Duration timeout)
    implements Checked {
  private static final String PERSISTENT = "0x81[0-7][0-9a-f]{5}";
  private static final String NV_INDEX = "0x01[0-9a-f]{6}";

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (device.isPresent() == swtpm.isPresent()) {
      mistakes.add("device: give either device or swtpm");
    }
    if (swtpm.isPresent() && !swtpm.get().matches("[A-Za-z0-9._-]+:\\d{1,5}")) {
      mistakes.add("swtpm: value: " + swtpm.get() + " (expected: host:port)");
    }
    handle(mistakes, "attestation-key-handle", attestationKeyHandle, PERSISTENT);
    handle(mistakes, "endorsement-key-handle", endorsementKeyHandle, PERSISTENT);
    handle(mistakes, "endorsement-certificate-index", endorsementCertificateIndex, NV_INDEX);
    return mistakes;
  }

  private static void handle(List<String> mistakes, String key, String value, String pattern) {
    if (!value.matches(pattern)) {
      mistakes.add(key + ": value: " + value + " (expected: such as " + pattern + ")");
    }
  }

  /** A handle as a number; 0x81 and above are negative as an int. */
  static int number(String handle) {
    return Integer.parseUnsignedInt(handle.substring(2), 16);
  }
}
