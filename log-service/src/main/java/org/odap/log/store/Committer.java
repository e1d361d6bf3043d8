package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CORRUPT;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_UNAVAILABLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.odap.log.entry.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's one writer: takes all changes that wait, judges them in their order, makes them
 * durable with one sync, and only then answers them. While it syncs the next group gathers, so the
 * groups grow with the load and nobody waits for a timer.
 *
 * <p>After a failed write nobody knows what is on disk: from then on every change is refused until
 * the service was restarted and has verified its store.
 */
final class Committer implements AutoCloseable {
  /** A group's changes share one answer time: more would make the first wait for the last. */
  private static final int GROUP_MAX = 1024;

  /** A group of more takes no further change: it goes to other nodes as one message. */
  private static final int GROUP_BYTES_MAX = 8 << 20;

  /** What may wait in memory, in bytes: callers beyond wait, and with them their connections. */
  private static final int WAITING_BYTES_MAX = 128 << 20;

  private static final Logger log = LoggerFactory.getLogger(Committer.class);

  /** What makes a group durable; tests let it fail. */
  interface Writer {
    void write(Batch batch);
  }

  private final Supplier<Batch> newBatch;
  private final Writer writer;
  private final CommitListener listener;
  private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(WAITING_BYTES_MAX);
  private final Thread thread;
  private volatile boolean stopping;
  private volatile Optional<String> unwritable = Optional.empty();

  /** A change with the one who waits for its outcome. */
  private static final class Waiting<R> {
    private final Optional<Change<R>> change;
    private final CompletableFuture<Outcome<R>> answer = new CompletableFuture<>();
    private Outcome<R> outcome =
        Outcome.refused(ERROR_REASON_LOG_UNAVAILABLE, "the log service is stopping");

    Waiting(Optional<Change<R>> change) {
      this.change = change;
    }

    int weight() {
      return change.map(Change::weight).orElse(0);
    }

    void decide(Batch batch) {
      outcome = change.orElseThrow().decide(batch);
    }

    void refuse(Outcome.Refused<?> refused) {
      outcome = refused.as();
    }

    void answer() {
      answer.complete(outcome);
    }
  }

  Committer(Supplier<Batch> newBatch, Writer writer, CommitListener listener) {
    this.newBatch = newBatch;
    this.writer = writer;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("log-committer").start(this::run);
  }

  /** Hands in a change; waits when too much is waiting already. */
  <R> CompletableFuture<Outcome<R>> submit(Change<R> change) {
    Waiting<R> waiting = new Waiting<>(Optional.of(change));
    int weight = Math.min(change.weight(), WAITING_BYTES_MAX);
    room.acquireUninterruptibly(weight);
    queue.add(waiting);
    if (stopping && !thread.isAlive()) {
      refuseRest();
    }
    return waiting.answer.whenComplete((outcome, thrown) -> room.release(weight));
  }

  /** Why nothing is written any more, once a write has failed. */
  Optional<String> unwritable() {
    return unwritable;
  }

  private void run() {
    List<Waiting<?>> group = new ArrayList<>(GROUP_MAX);
    try {
      while (!stopping || !queue.isEmpty()) {
        gather(group);
        group.removeIf(waiting -> waiting.change.isEmpty());
        if (!group.isEmpty()) {
          commit(group);
          group.clear();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the committer", e);
    }
  }

  private void gather(List<Waiting<?>> group) throws InterruptedException {
    Waiting<?> next = queue.take();
    for (int bytes = 0; next != null; next = queue.poll()) {
      group.add(next);
      bytes += next.weight();
      if (group.size() == GROUP_MAX || bytes >= GROUP_BYTES_MAX) {
        return;
      }
    }
  }

  private void commit(List<Waiting<?>> group) {
    long start = System.nanoTime();
    try (Batch batch = newBatch.get()) {
      group.forEach(waiting -> decide(waiting, batch));
      if (unwritable.isEmpty()) {
        writer.write(batch);
        listener.committed(group.size(), batch.entries(), System.nanoTime() - start);
      }
    } catch (RuntimeException | Error e) {
      // An error, such as too little memory, must not leave callers without an answer either.
      stopWriting(e);
      group.forEach(waiting -> waiting.refuse(unavailable()));
    }
    group.forEach(Waiting::answer);
  }

  private void decide(Waiting<?> waiting, Batch batch) {
    if (unwritable.isPresent()) {
      waiting.refuse(unavailable());
      return;
    }
    try {
      waiting.decide(batch);
    } catch (StoreException e) {
      if (!e.isCorrupt()) {
        throw e;
      }
      // Found while comparing with what is stored; a change that reads so has not yet written.
      waiting.refuse(new Outcome.Refused<>(ERROR_REASON_LOG_CORRUPT, e.getMessage()));
    }
  }

  private void stopWriting(Throwable cause) {
    log.atError().setCause(cause).log("a write failed: this store is read-only from now on");
    String why = "a write failed: " + cause.getMessage();
    unwritable = Optional.of(why);
    listener.unwritable(why);
  }

  private Outcome.Refused<Void> unavailable() {
    return new Outcome.Refused<>(
        ERROR_REASON_LOG_UNAVAILABLE,
        "nothing is written until the log service is restarted: " + unwritable.orElseThrow());
  }

  private void refuseRest() {
    for (Waiting<?> left = queue.poll(); left != null; left = queue.poll()) {
      left.answer();
    }
  }

  /** Carries out what waits, then refuses what still comes. */
  @Override
  public void close() {
    stopping = true;
    queue.add(new Waiting<Void>(Optional.empty()));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the last group was written", e);
    }
    refuseRest();
  }
}
