package org.odap.log.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.odap.api.log.v1.GetLastEntryRequest;
import org.odap.api.log.v1.GetLastEntryResponse;
import org.odap.api.log.v1.GetLogEntryRequest;
import org.odap.api.log.v1.GetLogEntryResponse;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.GetLogLengthResponse;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.GetLogResponse;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogFork;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceImplBase;
import org.odap.api.log.v1.UpdateLogRequest;
import org.odap.api.log.v1.UpdateLogResponse;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.store.Fork;
import org.odap.log.store.LogHead;
import org.odap.log.store.LogStore;
import org.odap.log.store.Updated;
import org.odap.log.store.Writer;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;

/** The log storage API but for appends: reads, lists, and updateLog, which compares and appends. */
final class LogReads extends LogStorageServiceImplBase {
  private final Supplier<LogStore> store;
  private final AccessAudit audit;

  LogReads(Supplier<LogStore> store, AccessAudit audit) {
    this.store = store;
    this.audit = audit;
  }

  @Override
  public void getLogLength(
      GetLogLengthRequest request, StreamObserver<GetLogLengthResponse> observer) {
    int length = Replies.valueOf(store.get().length(readable(request.getLogId())));
    Answers.answer(observer, GetLogLengthResponse.newBuilder().setLength(length).build());
  }

  @Override
  public void getLogEntry(
      GetLogEntryRequest request, StreamObserver<GetLogEntryResponse> observer) {
    LogEntry entry = entry(request.getLogId(), request.getIndex());
    Answers.answer(observer, GetLogEntryResponse.newBuilder().setLogEntry(entry).build());
  }

  LogEntry entry(String logId, int index) {
    return message(Replies.valueOf(store.get().entry(readable(logId), index)));
  }

  @Override
  public void getLastEntry(
      GetLastEntryRequest request, StreamObserver<GetLastEntryResponse> observer) {
    LogEntry entry = lastEntry(request.getLogId());
    Answers.answer(observer, GetLastEntryResponse.newBuilder().setLogEntry(entry).build());
  }

  LogEntry lastEntry(String logId) {
    return message(Replies.valueOf(store.get().lastEntry(readable(logId))));
  }

  /** All entries of a log, as it is now. */
  List<LogEntry> entries(String logId) {
    LogId log = readable(logId);
    int length = Replies.valueOf(store.get().length(log));
    return IntStream.rangeClosed(1, length)
        .mapToObj(index -> message(Replies.valueOf(store.get().entry(log, index))))
        .toList();
  }

  @Override
  public void getLog(GetLogRequest request, StreamObserver<GetLogResponse> observer) {
    LogId log = readable(request.getLogId());
    int length = Replies.valueOf(store.get().length(log));
    Supplier<Optional<GetLogResponse>> entries =
        new Supplier<>() {
          // In 64 bits: the caller's number is unsigned.
          private long next = Math.max(1, Integer.toUnsignedLong(request.getFromIndex()));

          @Override
          public Optional<GetLogResponse> get() {
            if (next > length) {
              return Optional.empty();
            }
            Entry entry = Replies.valueOf(store.get().entry(log, (int) next));
            next++;
            return Optional.of(GetLogResponse.newBuilder().setLogEntry(message(entry)).build());
          }
        };
    Replies.stream(observer, entries);
  }

  @Override
  public void updateLog(UpdateLogRequest request, StreamObserver<UpdateLogResponse> observer) {
    LogId log = log(request.getLogId());
    Updated updated = update(request.getLogId(), request.getEpoch(), request.getEntriesList());
    UpdateLogResponse.Builder answer =
        UpdateLogResponse.newBuilder()
            .setLastCommonIndex(updated.lastCommonIndex())
            .setLength(updated.length());
    updated.fork().ifPresent(fork -> answer.setFork(message(log, fork)));
    Answers.answer(observer, answer.build());
  }

  Updated update(String logId, long epoch, List<LogEntry> entries) {
    Identity caller = CurrentCaller.get().identity();
    Outcome<Updated> outcome =
        store
            .get()
            .update(
                log(logId),
                new Writer(caller, epoch),
                entries.stream().map(LogEntry::toByteString).toList())
            .join();
    return Replies.valueOf(audit.audited(caller, outcome));
  }

  private static LogFork message(LogId log, Fork fork) {
    return LogFork.newBuilder()
        .setIndex(fork.index())
        .setStoredEntryHash(fork.storedHash())
        .setGivenEntryHash(fork.givenHash())
        .setDescription(
            "log %s forks: entry %d is stored with another hash than the one given; nothing changed"
                .formatted(log, fork.index()))
        .build();
  }

  @Override
  public void listLogs(ListLogsRequest request, StreamObserver<ListLogsResponse> observer) {
    if (!request.getAfterLogId().isEmpty()) {
      LogId _ = log(request.getAfterLogId());
    }
    Replies.stream(observer, new LogListing(store.get(), request, CurrentCaller.get().identity()));
  }

  /** The log, if it lets the caller of this call read it. */
  private LogId readable(String id) {
    LogId log = log(id);
    Identity caller = CurrentCaller.get().identity();
    LogHead _ = Replies.valueOf(audit.audited(caller, store.get().readable(log, caller)));
    return log;
  }

  private static LogId log(String id) {
    return Replies.valueOf(LogId.parse(id));
  }

  private static LogEntry message(Entry entry) {
    try {
      return LogEntry.parseFrom(entry.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("entries are parsed before they are stored", e);
    }
  }
}
