package org.odap.log.edge;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LastEntryRequest;
import org.odap.api.log.v1.LastEntryResponse;
import org.odap.api.log.v1.Log;
import org.odap.api.log.v1.LogApiServiceGrpc.LogApiServiceImplBase;
import org.odap.api.log.v1.LogData;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogEntryByIdRequest;
import org.odap.api.log.v1.LogEntryByIdResponse;
import org.odap.api.log.v1.LogEntryData;
import org.odap.api.log.v1.SaveLogEntryRequest;
import org.odap.api.log.v1.SaveLogEntryResponse;
import org.odap.api.log.v1.UpdateWholeLogRequest;
import org.odap.api.log.v1.UpdateWholeLogResponse;
import org.odap.api.log.v1.WholeLogRequest;
import org.odap.api.log.v1.WholeLogResponse;
import org.odap.log.store.Logs;
import org.odap.log.store.Updated;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.Tracing;

/** The log storage API as recovery-01 4.5 draws it, over the same store and by the same rules. */
public final class LogApiEndpoint extends LogApiServiceImplBase {
  private final LogStorageEndpoint writes;
  private final LogReads reads;

  /** The store is asked for with the first call: it opens after the service was put together. */
  public LogApiEndpoint(Logs logs, LogMetrics metrics) {
    this.writes = new LogStorageEndpoint(logs, metrics, Tracing.OFF);
    this.reads = new LogReads(logs::store, new AccessAudit(metrics));
  }

  @Override
  public void saveLogEntry(
      SaveLogEntryRequest request, StreamObserver<SaveLogEntryResponse> observer) {
    if (!request.hasLogEntry()) {
      throw OdapException.fieldMissing("log_entry");
    }
    AppendRequest append =
        new AppendRequest(
            0,
            request.getLogId(),
            request.getEpoch(),
            List.of(request.getLogEntry().toByteString()),
            request.getClose(),
            "",
            Optional.empty());
    int index = Replies.valueOf(writes.append(CurrentCaller.get().identity(), append).join());
    Answers.answer(
        observer,
        SaveLogEntryResponse.newBuilder()
            .setSuccess(true)
            .setResponseData(Integer.toString(index))
            .build());
  }

  @Override
  public void lastEntry(LastEntryRequest request, StreamObserver<LastEntryResponse> observer) {
    Answers.answer(
        observer,
        LastEntryResponse.newBuilder()
            .setSuccess(true)
            .setResponseData(data(reads.lastEntry(request.getLogId())))
            .build());
  }

  @Override
  public void logEntryById(
      LogEntryByIdRequest request, StreamObserver<LogEntryByIdResponse> observer) {
    Answers.answer(
        observer,
        LogEntryByIdResponse.newBuilder()
            .setSuccess(true)
            .setResponseData(data(reads.entry(request.getLogId(), request.getId())))
            .build());
  }

  @Override
  public void wholeLog(WholeLogRequest request, StreamObserver<WholeLogResponse> observer) {
    Log log =
        Log.newBuilder()
            .setLogId(request.getLogId())
            .addAllLogEntries(reads.entries(request.getLogId()))
            .build();
    Answers.answer(
        observer,
        WholeLogResponse.newBuilder()
            .setSuccess(true)
            .setResponseData(LogData.newBuilder().setLog(log))
            .build());
  }

  @Override
  public void updateWholeLog(
      UpdateWholeLogRequest request, StreamObserver<UpdateWholeLogResponse> observer) {
    Updated updated =
        reads.update(request.getLogId(), request.getEpoch(), request.getLogEntriesList());
    // The draft's answer has no room for a fork, and an index alone would look like success.
    updated
        .fork()
        .ifPresent(fork -> {
          throw new OdapException(
              ErrorReason.ERROR_REASON_LOG_DISPUTED,
              "entry %d is stored with another hash than the one given; nothing changed"
                  .formatted(fork.index()));
        });
    Answers.answer(
        observer,
        UpdateWholeLogResponse.newBuilder()
            .setSuccess(true)
            .setResponseData(Integer.toString(updated.lastCommonIndex()))
            .build());
  }

  private static LogEntryData data(LogEntry entry) {
    return LogEntryData.newBuilder().setLogEntry(entry).build();
  }
}
