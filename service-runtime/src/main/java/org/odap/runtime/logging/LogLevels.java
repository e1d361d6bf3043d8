package org.odap.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.LoggerFactory;

/**
 * How much loggers write, changed for a while at most: then the configured level holds again.
 *
 * <p>Owner of the changes in force; each has one end.
 */
public final class LogLevels implements AutoCloseable {
  /** The longest change. */
  public static final Duration LIMIT_MAX = Duration.ofHours(24);

  private static final int NAME_MAX = 200;
  private static final int CHANGES_MAX = 32;
  private static final String OURS = "org.odap";

  /** Whose finer levels would write headers and payloads, and tokens with them. */
  private static final List<String> LIBRARIES =
      List.of(
          "com.linecorp.armeria",
          "com.zaxxer.hikari",
          "io.grpc",
          "io.opentelemetry",
          "org.apache.ratis",
          "org.hyperledger.fabric",
          "org.web3j");

  private static final List<Level> COARSE = List.of(Level.ERROR, Level.WARN, Level.INFO);
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(LogLevels.class);

  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Clock clock;
  private final Map<String, Change> changes = new TreeMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-levels").factory());

  /**
   * A level in force for a while.
   *
   * @param until when the configured one holds again
   */
  public record Changed(String level, Instant until) {}

  private record Change(Optional<Level> configured, Changed now, ScheduledFuture<?> end) {}

  /** Nothing is changed yet. */
  public LogLevels(Clock clock) {
    this.clock = clock;
  }

  /** The level that holds for each logger that may be changed at its root. */
  public synchronized Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    levels.put(OURS, level(OURS));
    LIBRARIES.forEach(name -> levels.put(name, level(name)));
    changes.keySet().forEach(name -> levels.put(name, level(name)));
    return levels;
  }

  /** The changes in force, by logger. */
  public synchronized Map<String, Changed> changed() {
    Map<String, Changed> now = new TreeMap<>();
    changes.forEach((name, change) -> now.put(name, change.now()));
    return now;
  }

  /**
   * Changes a logger's level for a while; again when it is changed already.
   *
   * @throws OdapException FIELD_INVALID: a logger or level that may not be changed to, or a time
   *     that is too long
   */
  public synchronized void change(String name, String word, Duration limit) {
    Level level = allowed(name, word);
    if (!limit.isPositive() || limit.compareTo(LIMIT_MAX) > 0) {
      throw OdapException.fieldInvalid("for", limit, "up to " + LIMIT_MAX);
    }
    if (!changes.containsKey(name) && changes.size() >= CHANGES_MAX) {
      throw OdapException.fieldInvalid(
          "logger", name, "at most " + CHANGES_MAX + " changes at a time");
    }
    Optional<Level> configured =
        Optional.ofNullable(changes.get(name))
            .map(Change::configured)
            .orElseGet(() -> Optional.ofNullable(logger(name).getLevel()));
    Optional.ofNullable(changes.get(name)).ifPresent(before -> before.end().cancel(false));
    ScheduledFuture<?> end =
        timer.schedule(() -> reset(name), limit.toMillis(), TimeUnit.MILLISECONDS);
    Changed now = new Changed(level.toString(), clock.instant().plus(limit));
    changes.put(name, new Change(configured, now, end));
    logger(name).setLevel(level);
    log.atWarn()
        .addKeyValue("changed", name)
        .addKeyValue("to", level)
        .addKeyValue("until", now.until())
        .log("log level changed");
  }

  /** Lets a logger's configured level hold again, if it was changed. */
  public synchronized void reset(String name) {
    Optional.ofNullable(changes.remove(name))
        .ifPresent(change -> {
          change.end().cancel(false);
          logger(name).setLevel(change.configured().orElse(null));
          log.atWarn().addKeyValue("changed", name).log("log level reset");
        });
  }

  private static Level allowed(String name, String word) {
    boolean isOurs = isUnder(name, OURS);
    if (name.length() > NAME_MAX
        || !name.matches("[A-Za-z0-9_.$]+")
        || !(isOurs || LIBRARIES.stream().anyMatch(library -> isUnder(name, library)))) {
      throw OdapException.fieldInvalid(
          "logger",
          name.substring(0, Math.min(name.length(), NAME_MAX)),
          "one under " + OURS + " or " + LIBRARIES);
    }
    Level level = Level.toLevel(word, null);
    if (level == null || level == Level.OFF || !(isOurs || COARSE.contains(level))) {
      throw OdapException.fieldInvalid(
          "level",
          word.substring(0, Math.min(word.length(), NAME_MAX)),
          isOurs ? "one of ERROR, WARN, INFO, DEBUG, TRACE" : "one of ERROR, WARN, INFO");
    }
    return level;
  }

  private static boolean isUnder(String name, String root) {
    return name.equals(root) || name.startsWith(root + ".");
  }

  private String level(String name) {
    return logger(name).getEffectiveLevel().toString();
  }

  private Logger logger(String name) {
    return loggers.getLogger(name);
  }

  @Override
  public synchronized void close() {
    timer.shutdownNow();
    List.copyOf(changes.keySet()).forEach(this::reset);
  }
}
