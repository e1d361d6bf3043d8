package org.odap.gateway.log;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.GetLogResponse;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.runtime.log.LogStream;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.Traced;
import org.odap.runtime.tracing.Work;

/**
 * Appends to and reads the gateway's logs (recovery-01 3, 4.5). All appends of the gateway share
 * one stream, which is opened again when it breaks.
 *
 * <p>Mutable: the open stream, owned by this object's monitor.
 */
public final class LogClient {
  /** A sync takes milliseconds; a log service that needs longer is as good as gone. */
  private static final Duration APPEND_LIMIT = Duration.ofSeconds(10);

  /** More messages a log service takes of no stream unanswered, and each append may be one. */
  private static final int UNANSWERED_MAX = 256;

  /** Whoever waits for his turn waits for us, not for the log service. */
  private static final Duration TURN_LIMIT = Duration.ofMinutes(1);

  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  private final Channel channel;
  private final LogStorageServiceGrpc.LogStorageServiceBlockingStub blocking;
  private final FailPoints failPoints;
  private final Semaphore turns = new Semaphore(UNANSWERED_MAX, true);
  private Optional<LogStream> open = Optional.empty();

  /** A client on a channel to the log service. */
  public LogClient(Channel channel, FailPoints failPoints) {
    this.failPoints = failPoints;
    this.channel = channel;
    blocking = LogStorageServiceGrpc.newBlockingStub(channel);
  }

  /**
   * Appends entries, all or none; when it returns they are on disk.
   *
   * @throws OdapException EPOCH_STALE, LEASE_LOST, LOG_NOT_CONTINUED, LOG_CLOSED when the log
   *     service refused; LOG_UNAVAILABLE when it is not known whether the entries are stored
   */
  public void append(String logId, long epoch, List<LogEntry> entries, boolean close) {
    WriteLogEntriesRequest write =
        WriteLogEntriesRequest.newBuilder()
            .setLogId(logId)
            .setEpoch(epoch)
            .addAllEntries(entries)
            .setClose(close)
            .build();
    failPoints.reach(logId, entries, FailPoints.When.BEFORE);
    traced(span -> inTurn(write, span.map(Traced::traceparent).orElse("")));
    failPoints.reach(logId, entries, FailPoints.When.AFTER);
  }

  /** An append is a part of what the calling thread works for, though it shares its stream. */
  private static void traced(Consumer<Optional<Traced>> append) {
    Optional<Traced> span =
        Work.current()
            .flatMap(work ->
                work.call(LogStorageServiceGrpc.getStreamLogEntriesMethod().getFullMethodName()));
    try {
      append.accept(span);
      span.ifPresent(one -> one.ended(Status.Code.OK));
    } catch (OdapException e) {
      span.ifPresent(one -> one.ended(OdapErrors.toGrpc(e).getStatus().getCode()));
      throw e;
    }
  }

  /** The log's entries from an index on; empty when there is no such log. */
  public List<LogEntry> read(String logId, int fromIndex) {
    List<LogEntry> entries = new ArrayList<>();
    try {
      Iterator<GetLogResponse> answers =
          reading()
              .getLog(GetLogRequest.newBuilder().setLogId(logId).setFromIndex(fromIndex).build());
      while (answers.hasNext()) {
        entries.add(answers.next().getLogEntry());
      }
      return entries;
    } catch (StatusRuntimeException e) {
      OdapException failure = OdapErrors.fromGrpc(e);
      if (failure.reason() == ErrorReason.ERROR_REASON_LOG_UNKNOWN) {
        return List.of();
      }
      throw failure;
    }
  }

  /** Ids of the logs owned under an epoch that are not closed. */
  public List<String> open(long epoch) {
    List<String> ids = new ArrayList<>();
    OdapErrors.calling(() -> {
      reading()
          .listLogs(ListLogsRequest.newBuilder().setOpenOnly(true).setEpoch(epoch).build())
          .forEachRemaining((ListLogsResponse log) -> ids.add(log.getLogId()));
      return ids;
    });
    return ids;
  }

  /** Tells of every log that this gateway may read. */
  public void list(Consumer<ListLogsResponse> onLog) {
    OdapErrors.calling(() -> {
      reading().listLogs(ListLogsRequest.getDefaultInstance()).forEachRemaining(onLog);
      return true;
    });
  }

  private LogStorageServiceGrpc.LogStorageServiceBlockingStub reading() {
    return blocking.withDeadlineAfter(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void inTurn(WriteLogEntriesRequest write, String traceparent) {
    try {
      if (!turns.tryAcquire(TURN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_LOG_UNAVAILABLE,
            "appends before this one took longer than " + TURN_LIMIT);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      await(stream().append(write, traceparent));
    } finally {
      turns.release();
    }
  }

  private static OdapException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new OdapException(
        ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, "interrupted while the log was written", cause);
  }

  private synchronized LogStream stream() {
    if (open.isEmpty() || open.get().isBroken()) {
      open = Optional.of(LogStream.open(channel));
    }
    return open.get();
  }

  private static void await(CompletableFuture<Void> durable) {
    try {
      durable.get(APPEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OdapException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LOG_UNAVAILABLE,
          "the log service did not answer within " + APPEND_LIMIT,
          e);
    }
  }
}
