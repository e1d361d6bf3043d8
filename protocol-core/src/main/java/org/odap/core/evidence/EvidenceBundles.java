package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;

/** Puts what two gateways export of one transfer into one bundle (ARCH 5.3). */
public final class EvidenceBundles {
  private EvidenceBundles() {}

  /**
   * One bundle with the logs of both, the sender's first. Two logs of one role are both kept, so
   * that the verifier can refuse them; bundles of different transfers are an
   * IllegalArgumentException.
   */
  public static EvidenceBundle merge(EvidenceBundle one, EvidenceBundle other) {
    if (!one.getTransferId().equals(other.getTransferId())) {
      throw new IllegalArgumentException(
          "bundles of two transfers: " + one.getTransferId() + ", " + other.getTransferId());
    }
    List<GatewayLog> logs = new ArrayList<>(one.getLogsList());
    other.getLogsList().stream().filter(log -> !logs.contains(log)).forEach(logs::add);
    logs.sort(Comparator.comparing(GatewayLog::getRole).reversed());
    return one.toBuilder().clearLogs().addAllLogs(logs).build();
  }
}
