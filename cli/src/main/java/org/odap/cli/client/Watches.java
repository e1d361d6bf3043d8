package org.odap.cli.client;

import io.grpc.StatusRuntimeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.odap.api.common.v1.ErrorReason;
import org.odap.cli.progress.ProgressView;
import org.odap.runtime.rpc.OdapErrors;

/** Follows a transfer with the eyes of both gateways. */
public final class Watches {
  /** The other gateway knows of the transfer once the first message has reached it. */
  private static final int ASK_AGAIN_MILLIS = 50;

  private Watches() {}

  /**
   * Follows both logs into one view until both have ended. The other gateway's trouble does not
   * stop the first watch; it is thrown at the end.
   */
  public static void followBoth(TransferWatch own, TransferWatch other, ProgressView view)
      throws InterruptedException {
    AtomicReference<RuntimeException> trouble = new AtomicReference<>();
    CountDownLatch ownEnded = new CountDownLatch(1);
    Thread beside =
        Thread.ofVirtual()
            .name("watch-other-gateway")
            .start(() -> {
              try {
                followOnceKnown(other, view, ownEnded);
              } catch (RuntimeException failed) {
                trouble.set(failed);
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      own.follow(view);
    } finally {
      ownEnded.countDown();
      beside.join();
    }
    RuntimeException failed = trouble.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** A transfer that ended before the other gateway heard of it has nothing to show there. */
  private static void followOnceKnown(
      TransferWatch other, ProgressView view, CountDownLatch ownEnded) throws InterruptedException {
    boolean lastChance = false;
    while (!lastChance) {
      lastChance = ownEnded.getCount() == 0;
      try {
        other.follow(view);
        return;
      } catch (StatusRuntimeException refused) {
        if (OdapErrors.fromGrpc(refused).reason() != ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN) {
          throw refused;
        }
      }
      boolean _ = ownEnded.await(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
