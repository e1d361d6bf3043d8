package org.odap.log.edge;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_ACCESS_DENIED;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.odap.log.entry.Outcome;
import org.odap.runtime.identity.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves a trace of every call that a log's access-control profile refused (recovery-01 6). */
final class AccessAudit {
  private static final Logger log = LoggerFactory.getLogger(AccessAudit.class);

  private final LogMetrics metrics;
  private final Map<Identity, Long> keptOut = new ConcurrentHashMap<>();

  AccessAudit(LogMetrics metrics) {
    this.metrics = metrics;
  }

  <T> Outcome<T> audited(Identity caller, Outcome<T> outcome) {
    if (outcome instanceof Outcome.Refused<T> refused
        && refused.reason() == ERROR_REASON_LOG_ACCESS_DENIED) {
      metrics.accessDenied();
      log.atWarn()
          .addKeyValue("caller", caller)
          .addKeyValue("why", refused.description())
          .log("access to a log refused");
    }
    return outcome;
  }

  /** Said again only when the number has changed: claims come with every heartbeat. */
  void keptOut(Identity caller, long logs) {
    Long before = keptOut.put(caller, logs);
    if (logs > 0 && (before == null || before != logs)) {
      log.atWarn()
          .addKeyValue("caller", caller)
          .addKeyValue("logs", logs)
          .log("logs without owner keep the claimer out by their access-control profile");
    }
  }
}
