package org.odap.runtime.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends what waits, on one virtual thread at a time, so that those who wake it need neither wait
 * nor agree: what came before a {@link #wake} is seen by a run of the task that begins after it.
 */
public final class SendLoop {
  private final Runnable task;
  private final AtomicInteger wakeUps = new AtomicInteger();

  /**
   * A loop that sleeps.
   *
   * @param task sends all that waits; must not throw
   */
  public SendLoop(Runnable task) {
    this.task = task;
  }

  /** Lets the task run, on another thread, once more than it has begun to by now. */
  public void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      Thread.startVirtualThread(this::run);
    }
  }

  private void run() {
    int seen = wakeUps.get();
    do {
      task.run();
      seen = wakeUps.addAndGet(-seen);
    } while (seen != 0);
  }
}
