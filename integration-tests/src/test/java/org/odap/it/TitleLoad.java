package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.it.system.Conditions;

/**
 * Titles that move at the same time, a transfer each, while something may be killed.
 *
 * <p>Mutable: how many have moved; used for one load.
 */
final class TitleLoad {
  private final TitleTransfers transfers;
  private final List<String> titles;
  private final AtomicInteger ended = new AtomicInteger();

  /**
   * A title that has moved.
   *
   * @param id of the transfer that moved it
   * @param took from the moment its order was taken to its end
   */
  record Moved(String title, String id, Duration took) {}

  /** Something to be done while titles move. */
  interface Meanwhile {
    /** Does it. */
    void happens() throws InterruptedException;
  }

  /** A load of so many titles, which are issued. */
  TitleLoad(TitleTransfers transfers, int count) {
    this.transfers = transfers;
    this.titles = IntStream.range(0, count).mapToObj(any -> transfers.issue()).toList();
  }

  /** Moves all, so many at a time, and has something happen when a third of them has moved. */
  List<Moved> run(int inFlight, Meanwhile inBetween)
      throws InterruptedException, ExecutionException {
    try (ExecutorService workers =
        Executors.newFixedThreadPool(inFlight, Thread.ofVirtual().factory())) {
      List<Future<Moved>> moving =
          titles.stream().map(title -> workers.submit(() -> move(title))).toList();
      int _ =
          Conditions.await(
              "a third of the titles to move", ended::get, n -> n >= titles.size() / 3);
      inBetween.happens();
      List<Moved> moved = new ArrayList<>();
      for (Future<Moved> one : moving) {
        moved.add(one.get());
      }
      return moved;
    }
  }

  private Moved move(String title) {
    String requestId = UUID.randomUUID().toString();
    String id =
        Conditions.await(
                "the order of title " + title + " to be taken",
                () -> ordered(title, requestId),
                Optional::isPresent)
            .orElseThrow();
    long from = System.nanoTime();
    transfers.follow(id);
    assertThat(transfers.ended(id))
        .as("transfer " + id)
        .isEqualTo(TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    ended.incrementAndGet();
    return new Moved(title, id, Duration.ofNanos(System.nanoTime() - from));
  }

  /** A client repeats its order until somebody takes it; the same order is the same transfer. */
  private Optional<String> ordered(String title, String requestId) {
    try {
      return Optional.of(transfers.start(title, requestId));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
