package org.odap.runtime.logging;

import ch.qos.logback.classic.LoggerContext;
import java.io.Console;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * How this process writes its log lines. Owner of that choice: text, until a service says that
 * nobody watches.
 */
public final class LogFormat {
  static final String SERVICE = "service";
  private static final String VARIABLE = "ODAP_LOG_FORMAT";

  private LogFormat() {}

  /**
   * From now on lines are of this service: JSON where standard output is no terminal, unless the
   * environment variable {@code ODAP_LOG_FORMAT} says {@code json} or {@code text}.
   */
  public static void begin(String service) {
    String asked = System.getenv().getOrDefault(VARIABLE, "");
    boolean isWatched =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    if (asked.equals("json") || (!asked.equals("text") && !isWatched)) {
      ((LoggerContext) LoggerFactory.getILoggerFactory()).putProperty(SERVICE, service);
    }
  }
}
