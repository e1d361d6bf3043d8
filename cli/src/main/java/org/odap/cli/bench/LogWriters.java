package org.odap.cli.bench;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.log.LogStream;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** Writers of made-up logs that share one gateway's connection to its log service. */
final class LogWriters implements AutoCloseable {
  private static final int LEADER_WAIT_SECONDS = 60;
  private static final int LEASE_MILLIS = 600_000;

  private final ManagedChannel channel;
  private final AtomicLong begun = new AtomicLong();
  private final List<Queue<WriteLogEntriesRequest>> rest = new ArrayList<>();
  private LogStream stream;
  private long epoch;

  /**
   * Not connected yet.
   *
   * @param writers how many will append entry by entry
   */
  LogWriters(RpcTarget log, TlsFiles gateway, int writers) {
    channel =
        RpcChannels.channel(log, LogStorageServiceGrpc.SERVICE_NAME, TlsMaterial.load(gateway));
    for (int writer = 0; writer < writers; writer++) {
      rest.add(new ConcurrentLinkedQueue<>());
    }
  }

  /** Takes a lease for ten minutes and opens a stream of appends, as a gateway does. */
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
    stream = LogStream.open(channel);
  }

  /** Makes logs until each writer has so many entries to append. */
  void makeEntries(int each) {
    for (Queue<WriteLogEntriesRequest> own : rest) {
      while (own.size() < each) {
        own.addAll(SampleLog.of(begun.getAndIncrement()).entryByEntry(epoch));
      }
    }
  }

  /** Appends the next of the entries made for a writer. */
  void appendEntry(int writer) {
    append(rest.get(writer).remove());
  }

  /** Writes a whole log at once. */
  void appendLog() {
    append(SampleLog.of(begun.getAndIncrement()).atOnce(epoch));
  }

  private void append(WriteLogEntriesRequest write) {
    Object _ = stream.append(write, "").join();
  }

  /** Logs begun so far. */
  long logs() {
    return begun.get();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
