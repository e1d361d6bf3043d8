package org.odap.cli.client;

import java.util.concurrent.atomic.AtomicReference;
import org.odap.cli.progress.ProgressView;

/** Follows a transfer with the eyes of both gateways. */
public final class Watches {
  private Watches() {}

  /**
   * Follows both logs into one view until both have ended. The other gateway's trouble does not
   * stop the first watch; it is thrown at the end.
   */
  public static void followBoth(TransferWatch own, TransferWatch other, ProgressView view)
      throws InterruptedException {
    AtomicReference<RuntimeException> trouble = new AtomicReference<>();
    Thread beside =
        Thread.ofVirtual()
            .name("watch-other-gateway")
            .start(() -> {
              try {
                other.follow(view);
              } catch (RuntimeException failed) {
                trouble.set(failed);
              }
            });
    own.follow(view);
    beside.join();
    RuntimeException failed = trouble.get();
    if (failed != null) {
      throw failed;
    }
  }
}
