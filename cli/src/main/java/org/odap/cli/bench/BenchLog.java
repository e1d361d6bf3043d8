package org.odap.cli.bench;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.GetLogEntryRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.cli.CliException;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningLogNodes;
import org.odap.cli.system.Side;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/** A log service to be measured, and one gateway's connection to it. */
final class BenchLog implements AutoCloseable {
  private static final int LEADER_WAIT_SECONDS = 60;
  private static final int LEASE_MILLIS = 600_000;

  private final Path folder;
  private final RunningLogNodes log;
  private final ManagedChannel channel;
  private final AtomicLong begun = new AtomicLong();
  private final List<Queue<WriteLogEntriesRequest>> rest = new ArrayList<>();
  private LogStream stream;
  private long epoch;

  private BenchLog(Path folder, RunningLogNodes log, int writers) {
    this.folder = folder;
    this.log = log;
    this.channel =
        RpcChannels.channel(
            log.target(), LogStorageServiceGrpc.SERVICE_NAME, TlsMaterial.load(log.gateway()));
    for (int writer = 0; writer < writers; writer++) {
      rest.add(new ConcurrentLinkedQueue<>());
    }
  }

  /**
   * Starts one.
   *
   * @param nodes that keep it
   * @param writers how many will append entry by entry
   */
  static BenchLog start(Path folder, int nodes, int writers, Consumer<String> progress)
      throws InterruptedException {
    Side side = new Side("alpha", LedgerKind.SQL);
    RunningLogNodes log =
        RunningLogNodes.start(
            folder, side, nodes, List.of("-XX:+UseSerialGC"), Installation.here(), progress);
    return new BenchLog(folder, log, writers);
  }

  /** Takes a lease and opens the stream of appends, as a gateway does when it starts. */
  void connect() {
    epoch =
        LeaseServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(LEADER_WAIT_SECONDS, TimeUnit.SECONDS)
            .acquireLease(
                AcquireLeaseRequest.newBuilder()
                    .setHolder("bench")
                    .setDurationMillis(LEASE_MILLIS)
                    .build())
            .getEpoch();
    stream = new LogStream(channel);
    rest.forEach(Queue::clear);
  }

  /** Appends a writer's next entry, to a new log when its last one is full. */
  void appendEntry(int writer) {
    Queue<WriteLogEntriesRequest> own = rest.get(writer);
    if (own.isEmpty()) {
      own.addAll(SampleLog.of(begun.getAndIncrement()).entryByEntry(epoch));
    }
    stream.append(own.remove());
  }

  /** Writes a whole log at once. */
  void appendLog() {
    stream.append(SampleLog.of(begun.getAndIncrement()).atOnce(epoch));
  }

  /** Logs begun so far. */
  long logs() {
    return begun.get();
  }

  /** Reads one entry of a log that was begun as the so manieth. */
  void read(long number, int index) {
    Object _ =
        LogStorageServiceGrpc.newBlockingStub(channel)
            .getLogEntry(
                GetLogEntryRequest.newBuilder()
                    .setLogId(SampleLog.of(number).id())
                    .setIndex(index)
                    .build());
  }

  /** Ends the log as a crash would, and starts it again; how many seconds until it serves. */
  double secondsToRestart() throws InterruptedException {
    log.kill();
    long start = System.nanoTime();
    log.restart();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Memory of all nodes together. */
  long residentBytes() {
    return log.residentBytes();
  }

  /** What the files of all nodes take. */
  long diskBytes() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(BenchLog::size).sum();
    } catch (IOException e) {
      throw new CliException(folder + ": " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException compacted) {
      return 0;
    } catch (IOException e) {
      throw new CliException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    log.close();
  }
}
