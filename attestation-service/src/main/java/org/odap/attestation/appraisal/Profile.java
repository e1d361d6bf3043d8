package org.odap.attestation.appraisal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.odap.attestation.tpm.PcrSelection;
import org.odap.attestation.tpm.SignatureScheme;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/**
 * What the machines of some gateways must be: reference values and rules (one entry of a policy).
 */
public record Profile(
    @Description("name of the profile; stands in the results") @Bounds(min = "1", max = "100")
        String name,
    @Description("identities of gateways, or prefixes ending in /*") @Bounds(min = "1")
        List<String> gateways,
    @Description("PEM files with roots of TPM vendors, or authorities under them")
        @Bounds(min = "1")
        List<Path> endorsementRoots,
    @Description(
            "SHA-256 (hex) of the public keys (SPKI DER) of the only TPMs taken; none: any TPM of"
                + " these vendors")
        List<String> endorsementKeys,
    @Description("how attestation keys may sign; none: rsassa, rsapss, ecdsa")
        List<SignatureScheme.Algorithm> signatures,
    @Description("firmware versions of TPMs taken, 16 hex digits; none: any")
        List<String> firmwareVersions,
    @Description("refuse a TPM that can't rule out that its clock told a higher value before")
        @Default("false")
        boolean safeClockRequired,
    @Description("refuse quotes without an event log") @Default("false") boolean eventLogRequired,
    @Description("PCR: the values (SHA-256, hex) it may have") Map<String, List<String>> pcrValues,
    @Description("PCR: the digests (SHA-256, hex) that may be measured into it, by the event log")
        Map<String, List<String>> pcrEvents)
    implements Checked {
  private static final String HASH = "[0-9a-f]{64}";

  public Profile {
    gateways = List.copyOf(gateways);
    endorsementRoots = List.copyOf(endorsementRoots);
    endorsementKeys = List.copyOf(endorsementKeys);
    signatures = List.copyOf(signatures);
    firmwareVersions = List.copyOf(firmwareVersions);
    pcrValues = Map.copyOf(pcrValues);
    pcrEvents = Map.copyOf(pcrEvents);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    for (String gateway : gateways) {
      if (!gateway.matches("[a-z]+://[^*/]+/[^*]*\\*?")
          || (gateway.endsWith("*") && !gateway.endsWith("/*"))) {
        mistakes.add(
            "gateways: value: "
                + gateway
                + " (expected: such as odapgw://beta.example/gateway-1 or"
                + " odapgw://beta.example/*)");
      }
    }
    texts(mistakes, "endorsement-keys", endorsementKeys, HASH, "SHA-256, 64 lower-case hex digits");
    texts(mistakes, "firmware-versions", firmwareVersions, "[0-9a-f]{16}", "16 hex digits");
    pcrs(mistakes, "pcr-values", pcrValues);
    pcrs(mistakes, "pcr-events", pcrEvents);
    if (pcrValues.isEmpty() && pcrEvents.isEmpty()) {
      mistakes.add("pcr-values: missing (expected: this or pcr-events)");
    }
    return mistakes;
  }

  private static void pcrs(List<String> mistakes, String key, Map<String, List<String>> pcrs) {
    pcrs.forEach((pcr, digests) -> {
      if (!pcr.matches("[0-9]|1[0-9]|2[0-3]")) {
        mistakes.add(
            key + ": value: " + pcr + " (expected: 0 to " + (PcrSelection.PCR_COUNT - 1) + ")");
      }
      if (digests.isEmpty()) {
        mistakes.add(key + "." + pcr + ": nothing is allowed (expected: SHA-256 digests)");
      }
      texts(mistakes, key + "." + pcr, digests, HASH, "SHA-256, 64 lower-case hex digits");
    });
  }

  private static void texts(
      List<String> mistakes, String key, List<String> texts, String pattern, String expected) {
    for (String text : texts) {
      if (!text.matches(pattern)) {
        mistakes.add(key + ": value: " + text + " (expected: " + expected + ")");
      }
    }
  }

  boolean isFor(String gateway) {
    return gateways.stream()
        .anyMatch(one ->
            one.endsWith("/*")
                ? gateway.startsWith(one.substring(0, one.length() - 1))
                : one.equals(gateway));
  }

  /** The PCRs it says something about, ascending: those to be quoted. */
  List<Integer> pcrs() {
    TreeSet<Integer> pcrs = new TreeSet<>();
    pcrValues.keySet().forEach(pcr -> pcrs.add(Integer.valueOf(pcr)));
    pcrEvents.keySet().forEach(pcr -> pcrs.add(Integer.valueOf(pcr)));
    return List.copyOf(pcrs);
  }

  /** The values a PCR may have, unless it is judged by its events alone. */
  Optional<List<String>> valuesOf(int pcr) {
    return Optional.ofNullable(pcrValues.get(Integer.toString(pcr)));
  }

  /** The digests that may be measured into a PCR, unless it is judged by its value alone. */
  Optional<List<String>> eventsOf(int pcr) {
    return Optional.ofNullable(pcrEvents.get(Integer.toString(pcr)));
  }

  /** Whether a key may sign so. */
  boolean allows(SignatureScheme.Algorithm algorithm) {
    return signatures.isEmpty() || signatures.contains(algorithm);
  }
}
