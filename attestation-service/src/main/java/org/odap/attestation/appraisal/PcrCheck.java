package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.odap.attestation.tpm.EventLog;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.attestation.tpm.TpmFormatException;

/** Holds PCR values and the event log against a profile's reference values. */
final class PcrCheck {
  private static final HashAlgorithm BANK = HashAlgorithm.SHA256;
  private static final HexFormat HEX = HexFormat.of();

  private final Profile profile;

  PcrCheck(Profile profile) {
    this.profile = profile;
  }

  /**
   * Refuses values that are no reference values, and a log that does not explain them.
   *
   * @param values of the PCRs, in their order
   */
  void check(List<Integer> pcrs, List<ByteString> values, ByteString encodedLog)
      throws RefusedException, TpmFormatException {
    for (int i = 0; i < pcrs.size(); i++) {
      checkValue(pcrs.get(i), values.get(i));
    }
    Optional<EventLog> log =
        encodedLog.isEmpty() ? Optional.empty() : Optional.of(EventLog.parse(encodedLog));
    if (log.isPresent()) {
      checkReplay(log.get(), pcrs, values);
    } else if (profile.eventLogRequired() || !profile.pcrEvents().isEmpty()) {
      throw new RefusedException("event_log: missing (expected: one, by policy)");
    }
  }

  private void checkValue(int pcr, ByteString value) throws RefusedException {
    Optional<List<String>> allowed = profile.valuesOf(pcr);
    if (allowed.isPresent() && !allowed.get().contains(hex(value))) {
      throw RefusedException.value(
          "pcr_values[" + pcr + "]", hex(value), "a reference value of " + profile.name());
    }
  }

  private void checkReplay(EventLog log, List<Integer> pcrs, List<ByteString> values)
      throws RefusedException, TpmFormatException {
    var replayed = log.replay(BANK);
    for (int i = 0; i < pcrs.size(); i++) {
      int pcr = pcrs.get(i);
      ByteString value = Optional.ofNullable(replayed.get(pcr)).orElseThrow();
      if (!value.equals(values.get(i))) {
        throw RefusedException.value(
            "event_log", "replays PCR " + pcr + " to " + hex(value), "the quoted value");
      }
      List<String> allowed = profile.eventsOf(pcr).orElse(List.of());
      for (ByteString digest : log.measured(pcr, BANK)) {
        if (!allowed.isEmpty() && !allowed.contains(hex(digest))) {
          throw RefusedException.value(
              "event_log",
              "measured " + hex(digest) + " into PCR " + pcr,
              "a reference event of " + profile.name());
        }
      }
    }
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }
}
