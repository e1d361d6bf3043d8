package org.odap.gateway.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.odap.api.log.v1.LogEntry;

/** Logs that last as long as a test. */
final class MemoryLog implements LogAppender {
  private final Map<String, List<LogEntry>> logs = new ConcurrentHashMap<>();

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
  public List<LogEntry> read(String logId) {
    return logs.getOrDefault(logId, List.of());
  }
}
