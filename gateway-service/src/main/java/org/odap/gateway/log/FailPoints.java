package org.odap.gateway.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.odap.api.log.v1.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named points at which a test holds a transfer, to kill a process exactly there. Off unless the
 * configuration names a folder.
 *
 * <p>A file {@code <role>.<command>.<before|after>} in that folder arms a point, e.g. {@code
 * sender.exec-lock.after}. The first transfer that is about to append an entry with that command,
 * or has appended it and done nothing else yet, takes it: the file becomes {@code
 * <point>.<transfer>.held}, and the transfer waits until somebody deletes that.
 */
public final class FailPoints {
  /** Which side of the append. */
  enum When {
    BEFORE,
    AFTER
  }

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
  private static final Logger log = LoggerFactory.getLogger(FailPoints.class);

  private final Optional<Path> folder;

  /** The points of a folder; none without one. */
  public FailPoints(Optional<Path> folder) {
    this.folder = folder;
    folder.ifPresent(there ->
        log.atWarn().addKeyValue("folder", there).log("fail points are on: never in production"));
  }

  /** Holds the caller when a point of these entries is armed. */
  void reach(String logId, List<LogEntry> entries, When when) {
    folder.ifPresent(there -> reach(there, logId, entries, when));
  }

  private static void reach(Path folder, String logId, List<LogEntry> entries, When when) {
    int slash = logId.lastIndexOf('/');
    String transfer = logId.substring(0, slash);
    String role = logId.substring(slash + 1);
    for (LogEntry entry : entries) {
      String point =
          role + "." + entry.getPayload().getMessage() + "." + when.name().toLowerCase(Locale.ROOT);
      take(folder, point, transfer).ifPresent(FailPoints::awaitGone);
    }
  }

  /** Of several transfers one alone gets the file. */
  private static Optional<Path> take(Path folder, String point, String transfer) {
    Path armed = folder.resolve(point);
    if (!Files.exists(armed)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.move(
              armed,
              folder.resolve(point + "." + transfer + ".held"),
              StandardCopyOption.ATOMIC_MOVE));
    } catch (NoSuchFileException taken) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitGone(Path held) {
    while (Files.exists(held) && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
