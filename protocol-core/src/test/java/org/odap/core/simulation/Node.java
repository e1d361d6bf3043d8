package org.odap.core.simulation;

/**
 * Something that runs on a machine of its own: it can crash, and forgets then; it can be stopped
 * for a while (SIGSTOP), and knows nothing of it then. Its clock is off by a constant.
 */
class Node {
  private final Events events;
  private final String name;
  private final long skewMillis;
  private boolean up = true;
  private long stoppedUntil;
  private int life;

  Node(Events events, String name, long skewMillis) {
    this.events = events;
    this.name = name;
    this.skewMillis = skewMillis;
  }

  String name() {
    return name;
  }

  /** What its clock shows. */
  long clock() {
    return events.now() + skewMillis;
  }

  boolean up() {
    return up;
  }

  /** Counts its starts: what a former life waits for comes to nothing. */
  int life() {
    return life;
  }

  void stopUntil(long instant) {
    stoppedUntil = Math.max(stoppedUntil, instant);
  }

  /** Loses what is only in memory. */
  void crash() {
    up = false;
    life++;
  }

  void start() {
    up = true;
  }

  /** Something reaches it; while it is stopped that waits, in order, at its door. */
  void reach(int inLife, Runnable what) {
    if (!up || life != inLife) {
      return;
    }
    if (events.now() < stoppedUntil) {
      events.after(stoppedUntil - events.now(), () -> reach(inLife, what));
    } else {
      what.run();
    }
  }

  /** Does something itself, later. */
  void later(long millis, Runnable what) {
    int inLife = life;
    events.after(millis, () -> reach(inLife, what));
  }
}
