package org.odap.gateway.driver;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.odap.api.log.v1.LogEntry;

/** Logs that last as long as a test. */
public final class MemoryLog implements LogAppender {
  private final Map<String, List<LogEntry>> logs = new ConcurrentHashMap<>();

  /** Transfers that are kept in this log, none yet. */
  Transfers transfers() {
    return transfers(1_000);
  }

  /** The same, with as many orders in flight as that. */
  Transfers transfers(int inFlightMax) {
    AtomicReference<Transfers> made = new AtomicReference<>();
    made.set(
        new Transfers(
            unopened ->
                new RunningTransfer(
                    unopened,
                    this,
                    any -> SampleOrder.setting(),
                    Clock.systemUTC(),
                    changed -> made.get().file(changed)),
            logId -> read(logId, 1),
            inFlightMax));
    return made.get();
  }

  @Override
  public void append(String logId, List<LogEntry> entries, boolean close) {
    var _ =
        logs.merge(
            logId,
            List.copyOf(entries),
            (before, more) -> {
              List<LogEntry> all = new ArrayList<>(before);
              all.addAll(more);
              return List.copyOf(all);
            });
  }

  @Override
  public List<LogEntry> read(String logId, int fromIndex) {
    List<LogEntry> all = logs.getOrDefault(logId, List.of());
    return all.subList(Math.min(fromIndex - 1, all.size()), all.size());
  }
}
