package org.odap.log.replication;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.odap.log.store.CommitListener;
import org.odap.log.store.LogStore;
import org.odap.log.store.ReplicatedStore;
import org.odap.log.store.Replicator;
import org.odap.log.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store while this node leads: opened when it begins to, closed when it ends, and opened anew
 * when a write's outcome is not known. Owned by one thread, so that there is one store at most.
 */
final class Leadership implements AutoCloseable {
  private static final int RETRY_MILLIS = 500;
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final ReplicatedStore copy;
  private final Replicator replicator;
  private final BooleanSupplier mayLead;
  private final CommitListener listener;
  private final Runnable changed;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-leadership").factory());
  private volatile Optional<LogStore> store = Optional.empty();

  /**
   * Nothing is led yet.
   *
   * @param mayLead whether this node leads, by Raft's word
   * @param changed is called when the store was opened or closed
   */
  Leadership(
      ReplicatedStore copy,
      Replicator replicator,
      BooleanSupplier mayLead,
      CommitListener listener,
      Runnable changed) {
    this.copy = copy;
    this.replicator = replicator;
    this.mayLead = mayLead;
    this.listener = listener;
    this.changed = changed;
  }

  /** The store, while this node leads. */
  Optional<LogStore> store() {
    return store;
  }

  /** Raft says that this node leads, or it may. */
  void begin() {
    thread.execute(this::open);
  }

  /** Raft says that it does no more. */
  CompletableFuture<Void> end() {
    return CompletableFuture.runAsync(this::shut, thread);
  }

  private void open() {
    shut();
    if (!mayLead.getAsBoolean()) {
      return;
    }
    try {
      LogStore opened = copy.lead(replicator, System::nanoTime, new Watch());
      store = Optional.of(opened);
      log.atInfo().addKeyValue("open_logs", opened.openLogCount()).log("this node leads the log");
      changed.run();
    } catch (StoreException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("this node can't lead the log yet");
      ScheduledFuture<?> _ = thread.schedule(this::open, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void shut() {
    Optional<LogStore> former = store;
    store = Optional.empty();
    former.ifPresent(led -> {
      led.close();
      log.atInfo().log("this node leads the log no more");
      changed.run();
    });
  }

  @Override
  public void close() {
    end().join();
    thread.shutdown();
  }

  /** A write that may or may not be made ends a store: what it knows may be wrong. */
  private final class Watch implements CommitListener {
    @Override
    public void committed(int changes, int entries, long nanos) {
      listener.committed(changes, entries, nanos);
    }

    @Override
    public void unwritable(String why) {
      begin();
    }
  }
}
