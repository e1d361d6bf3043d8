package org.odap.cli.bench;

import io.grpc.ManagedChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.cli.CliException;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningLogNodes;
import org.odap.cli.system.Side;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.measurement.Latencies;
import org.odap.runtime.rpc.RpcChannels;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** How fast writers append through a log service, beside RocksDB's own synced puts. */
final class LogRates {
  private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);
  private static final int LEADER_WAIT_SECONDS = 60;
  private static final int LEASE_MILLIS = 600_000;

  private final Path folder;
  private final int writers;
  private final int entriesEach;
  private final Consumer<String> progress;

  /**
   * Nothing is measured yet.
   *
   * @param writers each waits for its answer before it writes again
   * @param entriesEach entries of each writer in a round
   */
  LogRates(Path folder, int writers, int entriesEach, Consumer<String> progress) {
    this.folder = folder;
    this.writers = writers;
    this.entriesEach = entriesEach;
    this.progress = progress;
  }

  /** What a writer does once, and waits for. */
  private interface Write {
    void one(int writer) throws RocksDBException;
  }

  private record Round(double perSecond, Latencies latencies) {}

  /** RocksDB itself, with entries as large. */
  LogRate puts() throws InterruptedException {
    byte[] value = SampleLog.appends(1).getFirst().getEntries(0).toByteArray();
    AtomicLong keys = new AtomicLong();
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, folder.resolve("puts").toString());
        WriteOptions synced = new WriteOptions().setSync(true)) {
      return measured(
          "RocksDB, synced puts",
          Executors.newFixedThreadPool(writers),
          _ ->
              database.put(
                  synced,
                  ByteBuffer.allocate(Long.BYTES).putLong(keys.incrementAndGet()).array(),
                  value));
    } catch (RocksDBException e) {
      throw new CliException("RocksDB can't be measured: " + e.getMessage(), e);
    }
  }

  /** A log service of so many nodes, over one stream from one gateway. */
  LogRate log(int nodes) throws InterruptedException {
    Path own = folder.resolve("log-of-" + nodes);
    Side side = new Side("alpha", LedgerKind.SQL);
    try (RunningLogNodes log =
        RunningLogNodes.start(
            own, side, nodes, List.of("-XX:+UseSerialGC"), Installation.here(), progress)) {
      ManagedChannel channel =
          RpcChannels.channel(
              log.target(), LogStorageServiceGrpc.SERVICE_NAME, TlsMaterial.load(log.gateway()));
      try {
        return log(nodes, channel);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private LogRate log(int nodes, ManagedChannel channel) throws InterruptedException {
    long epoch =
        LeaseServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(LEADER_WAIT_SECONDS, TimeUnit.SECONDS)
            .acquireLease(
                AcquireLeaseRequest.newBuilder()
                    .setHolder("bench")
                    .setDurationMillis(LEASE_MILLIS)
                    .build())
            .getEpoch();
    LogStream stream = new LogStream(channel);
    List<List<WriteLogEntriesRequest>> open = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      open.add(new ArrayList<>());
    }
    return measured(
        nodes == 1 ? "log of one node" : "log of " + nodes + " nodes",
        Executors.newVirtualThreadPerTaskExecutor(),
        writer -> {
          List<WriteLogEntriesRequest> rest = open.get(writer);
          if (rest.isEmpty()) {
            rest.addAll(SampleLog.appends(epoch).reversed());
          }
          stream.append(rest.removeLast());
        });
  }

  private LogRate measured(String what, ExecutorService threads, Write write)
      throws InterruptedException {
    try (threads) {
      progress.accept("measuring: " + what + ", " + writers + " writers");
      double _ = WarmUp.untilStable(WARM_UP_MAX, () -> round(threads, write).perSecond());
      Round round = round(threads, write);
      return new LogRate(
          what,
          writers,
          round.perSecond(),
          round.latencies().percentileMillis(0.5),
          round.latencies().percentileMillis(0.99),
          1);
    }
  }

  private Round round(ExecutorService threads, Write write) throws InterruptedException {
    long[] nanos = new long[writers * entriesEach];
    long start = System.nanoTime();
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      int writer = i;
      ends.add(
          threads.submit(() -> {
            for (int entry = 0; entry < entriesEach; entry++) {
              long begun = System.nanoTime();
              write.one(writer);
              nanos[writer * entriesEach + entry] = System.nanoTime() - begun;
            }
            return writer;
          }));
    }
    for (Future<?> end : ends) {
      try {
        Object _ = end.get();
      } catch (ExecutionException e) {
        throw new CliException("a writer failed: " + e.getCause().getMessage(), e);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(nanos.length / seconds, new Latencies(nanos));
  }
}
