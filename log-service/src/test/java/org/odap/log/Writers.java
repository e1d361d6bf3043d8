package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;

/**
 * Writers of logs, each of its own, that remember what they were told: an entry without an answer
 * is written again until there is one, by whichever node then leads.
 */
final class Writers {
  private static final Duration GIVE_UP = Duration.ofSeconds(60);

  private final ManagedChannel channel;
  private final long epoch;
  private final List<Writer> writers = new ArrayList<>();

  /** One log and what is known of it. */
  private static final class Writer {
    final Chain chain = Chain.fresh();
    final List<LogEntry> sent = new ArrayList<>();
    volatile int acknowledged;
    volatile long lastNanos = System.nanoTime();
    long longestNanos;
  }

  Writers(ManagedChannel channel, int count) {
    this.channel = channel;
    this.epoch = repeated(() -> Leases.acquire(channel));
    for (int i = 0; i < count; i++) {
      writers.add(new Writer());
    }
  }

  /** Each writes that many entries; meanwhile something else may happen. */
  void write(int entries) throws Exception {
    write(entries, () -> {});
  }

  /** Something that may fail. */
  interface Act {
    void run() throws Exception;
  }

  void write(int entries, Act meanwhile) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (Writer writer : writers) {
        ends.add(threads.submit(() -> write(writer, entries)));
      }
      meanwhile.run();
      for (Future<?> end : ends) {
        end.get(120, TimeUnit.SECONDS);
      }
    }
  }

  private void write(Writer writer, int entries) {
    writer.lastNanos = System.nanoTime();
    for (int i = 0; i < entries; i++) {
      writer.sent.add(writer.chain.nextEntry().build());
      WriteLogEntriesRequest request =
          WriteLogEntriesRequest.newBuilder()
              .setLogId(writer.chain.log().value())
              .setEpoch(epoch)
              .addEntries(writer.sent.getLast())
              .build();
      int index =
          repeated(() ->
              LogStorageServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(2, TimeUnit.SECONDS)
                  .writeLogEntries(request)
                  .getIndex());
      assertThat(index).isEqualTo(writer.sent.size());
      writer.acknowledged = index;
      long now = System.nanoTime();
      writer.longestNanos = Math.max(writer.longestNanos, now - writer.lastNanos);
      writer.lastNanos = now;
    }
  }

  /** Entries acknowledged so far, of all logs together. */
  int acknowledged() {
    return writers.stream().mapToInt(writer -> writer.acknowledged).sum();
  }

  /** The longest that any writer waited between two acknowledgements. */
  Duration longestWait() {
    return Duration.ofNanos(
        writers.stream().mapToLong(writer -> writer.longestNanos).max().orElse(0));
  }

  /** A call that every failure which says "again" repeats. */
  interface Call<T> {
    T make();
  }

  static <T> T repeated(Call<T> call) {
    long deadline = System.nanoTime() + GIVE_UP.toNanos();
    while (true) {
      try {
        return call.make();
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode())
            .as(e.getMessage())
            .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.DEADLINE_EXCEEDED);
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Waiting.briefly();
      }
    }
  }

  /** All that was acknowledged is there, and nothing else but what had no answer yet. */
  void compare() {
    for (Writer writer : writers) {
      List<LogEntry> stored =
          repeated(() -> {
            List<LogEntry> entries = new ArrayList<>();
            LogStorageServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getLog(GetLogRequest.newBuilder().setLogId(writer.chain.log().value()).build())
                .forEachRemaining(answer -> entries.add(answer.getLogEntry()));
            return entries;
          });
      assertThat(stored).hasSizeBetween(writer.acknowledged, writer.sent.size());
      assertThat(stored).isEqualTo(writer.sent.subList(0, stored.size()));
    }
  }
}
