package org.odap.runtime.ledger;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/** How long a call waits for a step that goes on without it. */
public final class StepWait {
  private StepWait() {}

  /**
   * The outcome, or how far it is when the caller's deadline is near.
   *
   * @param atMost the longest wait, if the caller has no nearer deadline
   * @throws OdapException the outcome's failure; LEDGER_OUTCOME_UNKNOWN when interrupted
   */
  public static <T> T await(CompletableFuture<T> outcome, Duration atMost, Supplier<T> soFar) {
    try {
      return outcome.get(limit(atMost).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return soFar.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OdapException failed) {
        throw new OdapException(failed.reason(), failed.description(), failed);
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
          "the wait for the ledger was broken off",
          e);
    }
  }

  /**
   * How long to wait before saying how far it is: a tenth of the caller's time is left for the way
   * back.
   *
   * @param atMost the longest wait, if the caller has no nearer deadline
   */
  public static Duration limit(Duration atMost) {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? atMost
        : Duration.ofMillis(
            Math.clamp(
                deadline.timeRemaining(TimeUnit.MILLISECONDS) * 9 / 10, 0, atMost.toMillis()));
  }
}
