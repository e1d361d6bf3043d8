package org.odap.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.runtime.tracing.Work;
import org.slf4j.event.KeyValuePair;

/**
 * An event as a JSON object on one line; docs/operations.md has the names. Values are text, the
 * service's own beside those that every line has: these win where names meet.
 */
final class JsonLine {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonLine() {}

  static byte[] of(ILoggingEvent event, String service) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("time", event.getInstant().toString());
    line.put("level", event.getLevel().toString());
    line.put("service", service);
    line.put("thread", event.getThreadName());
    line.put("logger", event.getLoggerName());
    line.put("event", event.getFormattedMessage());
    Work.current().ifPresent(work -> line.putAll(work.logFields()));
    Optional.ofNullable(event.getKeyValuePairs())
        .orElse(List.of())
        .forEach((KeyValuePair pair) -> line.putIfAbsent(pair.key, String.valueOf(pair.value)));
    Optional.ofNullable(event.getThrowableProxy())
        .ifPresent(failure -> line.put("failure", ThrowableProxyUtil.asString(failure)));
    try {
      return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
