package org.odap.gateway.driver;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.AcquireLeaseResponse;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.ClaimLogsResponse;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.GetLogResponse;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LeaseState;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.ReleaseLeaseResponse;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.RenewLeaseResponse;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WatchLeasesRequest;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.api.log.v1.WriteLogEntriesResponse;
import org.odap.api.log.v1.WriteRefused;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * A log service that loses answers and ends leases at a word, as the real one can't be told to. It
 * keeps logs and leases in memory, and no hash chains.
 *
 * <p>Mutable: all of it, guarded by its monitor, which is told of every change.
 */
public final class FakeLogService implements AutoCloseable {
  private final Map<String, Kept> logs = new LinkedHashMap<>();
  private final Set<Long> alive = new HashSet<>();
  private final List<String> events = new ArrayList<>();
  private final List<StreamObserver<WatchLeasesResponse>> watchers = new ArrayList<>();
  private final Server server;
  private final ManagedChannel channel;
  private long lastEpoch;
  private final Map<String, Long> given = new HashMap<>();
  private boolean losesWriteAnswer;
  private boolean losesClaimAnswer;

  private record Kept(long epoch, boolean closed, List<LogEntry> entries) {}

  public FakeLogService() {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      server =
          NettyServerBuilder.forAddress(anyPort)
              .addService(new Storage())
              .addService(new Leases())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** The next append is stored; its writer never hears of it. */
  synchronized void loseNextWriteAnswer() {
    losesWriteAnswer = true;
  }

  /** The next claim that gives logs gives them; the claimant never hears of it. */
  synchronized void loseNextClaimAnswer() {
    losesClaimAnswer = true;
  }

  /** As when no heartbeat came in time. */
  public synchronized void endLease(long epoch) {
    boolean _ = alive.remove(epoch);
  }

  /** Another replica has left a log; those who watch leases hear of it. */
  synchronized void leave(String logId, List<LogEntry> entries) {
    lastEpoch++;
    logs.put(logId, new Kept(lastEpoch, false, entries));
    WatchLeasesResponse event =
        WatchLeasesResponse.newBuilder()
            .setEpoch(lastEpoch)
            .setHolder("replica-2")
            .setState(LeaseState.LEASE_STATE_EXPIRED)
            .setOpenLogs(1)
            .build();
    watchers.forEach(watcher -> watcher.onNext(event));
  }

  /** Another replica has this log, and keeps its lease. */
  synchronized void keepElsewhere(String logId, List<LogEntry> entries) {
    lastEpoch++;
    alive.add(lastEpoch);
    logs.put(logId, new Kept(lastEpoch, false, entries));
  }

  /** A log whose entries went to an archive. */
  public synchronized void keepArchived(String logId) {
    logs.put(logId, new Kept(lastEpoch, true, List.of()));
  }

  /** What happened here, in order. */
  synchronized List<String> events() {
    return List.copyOf(events);
  }

  private synchronized boolean isArchived(String logId) {
    Kept kept = logs.get(logId);
    return kept != null && kept.closed() && kept.entries().isEmpty();
  }

  synchronized void note(String event) {
    events.add(event);
    notifyAll();
  }

  /** Waits until something has happened so many times; the test's time-out ends a vain wait. */
  synchronized void await(String event, int times) throws InterruptedException {
    while (events.stream().filter(event::equals).count() < times) {
      wait();
    }
  }

  /** Whether a log is closed. */
  public synchronized boolean isClosed(String logId) {
    return logs.containsKey(logId) && logs.get(logId).closed();
  }

  public synchronized List<LogEntry> entries(String logId) {
    return logs.containsKey(logId) ? logs.get(logId).entries() : List.of();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** Stores; gives why not. */
  private synchronized String write(WriteLogEntriesRequest write) {
    Kept before = logs.get(write.getLogId());
    if (!alive.contains(write.getEpoch())) {
      return "LEASE_LOST";
    }
    if (before != null && before.epoch() != write.getEpoch()) {
      return "EPOCH_STALE";
    }
    if (before != null && before.closed()) {
      return "LOG_CLOSED";
    }
    List<LogEntry> entries = new ArrayList<>(before == null ? List.of() : before.entries());
    entries.addAll(write.getEntriesList());
    logs.put(write.getLogId(), new Kept(write.getEpoch(), write.getClose(), List.copyOf(entries)));
    return "";
  }

  private synchronized boolean takeLoss() {
    boolean loses = losesWriteAnswer;
    losesWriteAnswer = false;
    return loses;
  }

  private final class Storage extends LogStorageServiceGrpc.LogStorageServiceImplBase {
    @Override
    public StreamObserver<StreamLogEntriesRequest> streamLogEntries(
        StreamObserver<StreamLogEntriesResponse> observer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamLogEntriesRequest request) {
          StreamLogEntriesResponse.Builder answer =
              StreamLogEntriesResponse.newBuilder().setTag(request.getTag());
          String refusal = write(request.getWrite());
          if (takeLoss()) {
            observer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
          }
          observer.onNext(
              refusal.isEmpty()
                  ? answer.setWritten(WriteLogEntriesResponse.getDefaultInstance()).build()
                  : answer.setRefused(WriteRefused.newBuilder().setReason(refusal)).build());
        }

        @Override
        public void onError(Throwable cause) {
          // The writer is gone.
        }

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }

    @Override
    public void getLog(GetLogRequest request, StreamObserver<GetLogResponse> observer) {
      List<LogEntry> entries = entries(request.getLogId());
      if (isArchived(request.getLogId())) {
        observer.onError(failure(ErrorReason.ERROR_REASON_LOG_ARCHIVED));
        return;
      }
      if (entries.isEmpty()) {
        observer.onError(failure(ErrorReason.ERROR_REASON_LOG_UNKNOWN));
        return;
      }
      entries.stream()
          .filter(entry -> entry.getSeqNumber() >= request.getFromIndex())
          .forEach(
              entry -> observer.onNext(GetLogResponse.newBuilder().setLogEntry(entry).build()));
      observer.onCompleted();
    }

    @Override
    public void listLogs(ListLogsRequest request, StreamObserver<ListLogsResponse> observer) {
      synchronized (FakeLogService.this) {
        logs.forEach((id, log) -> {
          boolean wanted = !request.getOpenOnly() || !log.closed();
          if (wanted && (request.getEpoch() == 0 || log.epoch() == request.getEpoch())) {
            observer.onNext(
                ListLogsResponse.newBuilder()
                    .setLogId(id)
                    .setClosed(log.closed())
                    .setArchived(isArchived(id))
                    .build());
          }
        });
      }
      observer.onCompleted();
    }
  }

  private final class Leases extends LeaseServiceGrpc.LeaseServiceImplBase {
    @Override
    public void acquireLease(
        AcquireLeaseRequest request, StreamObserver<AcquireLeaseResponse> observer) {
      long epoch;
      synchronized (FakeLogService.this) {
        boolean _ = alive.remove(given.getOrDefault(request.getHolder(), 0L));
        epoch = ++lastEpoch;
        given.put(request.getHolder(), epoch);
        alive.add(epoch);
        note("acquire " + epoch);
      }
      answer(observer, AcquireLeaseResponse.newBuilder().setEpoch(epoch).build());
    }

    @Override
    public void renewLease(RenewLeaseRequest request, StreamObserver<RenewLeaseResponse> observer) {
      boolean isAlive;
      synchronized (FakeLogService.this) {
        isAlive = alive.contains(request.getEpoch());
        note("renew " + request.getEpoch());
      }
      if (isAlive) {
        answer(observer, RenewLeaseResponse.getDefaultInstance());
      } else {
        observer.onError(failure(ErrorReason.ERROR_REASON_LEASE_LOST));
      }
    }

    @Override
    public void releaseLease(
        ReleaseLeaseRequest request, StreamObserver<ReleaseLeaseResponse> observer) {
      note("release " + request.getEpoch());
      endLease(request.getEpoch());
      answer(observer, ReleaseLeaseResponse.getDefaultInstance());
    }

    @Override
    public void claimLogs(ClaimLogsRequest request, StreamObserver<ClaimLogsResponse> observer) {
      List<String> free = new ArrayList<>();
      boolean loses;
      synchronized (FakeLogService.this) {
        logs.forEach((id, log) -> {
          if (!log.closed() && !alive.contains(log.epoch())) {
            free.add(id);
          }
        });
        free.forEach(
            id -> logs.put(id, new Kept(request.getEpoch(), false, logs.get(id).entries())));
        loses = losesClaimAnswer && !free.isEmpty();
        losesClaimAnswer &= !loses;
        note("claim");
      }
      if (loses) {
        observer.onError(Status.UNAVAILABLE.asRuntimeException());
      } else {
        answer(observer, ClaimLogsResponse.newBuilder().addAllLogIds(free).build());
      }
    }

    @Override
    public void watchLeases(
        WatchLeasesRequest request, StreamObserver<WatchLeasesResponse> observer) {
      synchronized (FakeLogService.this) {
        watchers.add(observer);
        note("watch");
      }
    }
  }

  private static RuntimeException failure(ErrorReason reason) {
    return OdapErrors.toGrpc(new OdapException(reason, "the test wants it so"));
  }

  private static <T> void answer(StreamObserver<T> observer, T answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }
}
