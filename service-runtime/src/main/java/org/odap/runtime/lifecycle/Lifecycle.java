package org.odap.runtime.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts parts in order and stops those started in reverse, whatever fails in between. */
final class Lifecycle {
  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> started = new ArrayDeque<>();

  /** Starts all, or stops what was started and says which one failed. */
  void start(List<Part> parts, Duration stopLimit) throws StartException {
    for (Part part : parts) {
      try {
        part.start();
        started.push(part);
      } catch (Exception e) {
        restoreInterrupt(e);
        stop(stopLimit);
        throw new StartException(part.name() + " did not start: " + e.getMessage(), e);
      }
    }
  }

  /** Stops all that were started; together they have the limit. */
  void stop(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!started.isEmpty()) {
      Part part = started.pop();
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      try {
        part.stop(left);
      } catch (Exception e) {
        restoreInterrupt(e);
        log.atError().setCause(e).addKeyValue("part", part.name()).log("part did not stop cleanly");
      }
    }
  }

  private static void restoreInterrupt(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
  }
}
