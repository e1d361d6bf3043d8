package org.odap.log.store;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.odap.api.common.v1.ErrorReason;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.identity.Identity;

/** A real store on temporary files, and short words for what tests do with it. */
final class StoreFixture implements AutoCloseable {
  static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  static final int DURATION_MILLIS = 10_000;

  final ManualTime time = new ManualTime();
  private final Path directory;
  private final EntryKeys keys;
  private LogStore store;

  StoreFixture(Path directory) throws DamagedStoreException {
    this(directory, EntryKeys.NONE);
  }

  StoreFixture(Path directory, EntryKeys keys) throws DamagedStoreException {
    this.directory = directory;
    this.keys = keys;
    this.store = LogStore.open(directory, keys, time, CommitListener.NONE);
  }

  LogStore store() {
    return store;
  }

  void restart() throws DamagedStoreException {
    store.close();
    store = LogStore.open(directory, keys, time, CommitListener.NONE);
  }

  long lease(String holder) {
    return value(get(store.acquireLease(holder, GATEWAY, DURATION_MILLIS))).epoch();
  }

  Outcome<Integer> append(long epoch, LogId log, List<ByteString> entries) {
    return get(store.append(log, writer(epoch), entries, false));
  }

  Outcome<Integer> close(long epoch, LogId log, List<ByteString> entries) {
    return get(store.append(log, writer(epoch), entries, true));
  }

  static <T> T value(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(ErrorReason reason, String description) ->
          throw new AssertionError("refused: " + reason + ": " + description);
    };
  }

  /** The name of the reason, or "done". */
  static String reason(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> done -> "done";
      case Outcome.Refused<?> refused ->
          refused.reason().name().substring("ERROR_REASON_".length());
    };
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The gateway that tests write as, unless they say another. */
  static Writer writer(long epoch) {
    return new Writer(GATEWAY, epoch);
  }

  static LogId log() {
    return Chain.log(UUID.randomUUID(), "sender");
  }

  @Override
  public void close() {
    store.close();
  }
}
