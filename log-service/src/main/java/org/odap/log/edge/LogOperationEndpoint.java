package org.odap.log.edge;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_UNAVAILABLE;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.odap.api.log.v1.BackUpRequest;
import org.odap.api.log.v1.BackUpResponse;
import org.odap.api.log.v1.Backup;
import org.odap.api.log.v1.ListBackupsRequest;
import org.odap.api.log.v1.ListBackupsResponse;
import org.odap.api.log.v1.ListHeldLogsRequest;
import org.odap.api.log.v1.ListHeldLogsResponse;
import org.odap.api.log.v1.LogOperationServiceGrpc.LogOperationServiceImplBase;
import org.odap.api.log.v1.ReleaseHeldLogsRequest;
import org.odap.api.log.v1.ReleaseHeldLogsResponse;
import org.odap.log.backup.Backups;
import org.odap.log.entry.LogId;
import org.odap.log.store.Generation;
import org.odap.log.store.LogStore;
import org.odap.log.store.StoreException;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators do with a running log service: backups, and logs that a restore holds. */
public final class LogOperationEndpoint extends LogOperationServiceImplBase {
  private static final int RELEASE_MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(LogOperationEndpoint.class);

  private final Supplier<LogStore> store;
  private final Optional<Backups> backups;

  /** The store is asked for with the first call: it opens after the service was put together. */
  public LogOperationEndpoint(Supplier<LogStore> store, Optional<Backups> backups) {
    this.store = store;
    this.backups = backups;
  }

  @Override
  public void backUp(BackUpRequest request, StreamObserver<BackUpResponse> observer) {
    Generation made = of(Backups::make);
    Answers.answer(observer, BackUpResponse.newBuilder().setBackup(message(made)).build());
  }

  @Override
  public void listBackups(
      ListBackupsRequest request, StreamObserver<ListBackupsResponse> observer) {
    List<Backup> all = of(Backups::list).stream().map(LogOperationEndpoint::message).toList();
    Answers.answer(observer, ListBackupsResponse.newBuilder().addAllBackups(all).build());
  }

  private <T> T of(Function<Backups, T> act) {
    Backups kept =
        backups.orElseThrow(() ->
            new OdapException(
                ERROR_REASON_CAPABILITY_UNSUPPORTED,
                "backup.directory: not configured (expected: a folder for backups)"));
    try {
      return act.apply(kept);
    } catch (StoreException e) {
      throw new OdapException(ERROR_REASON_LOG_UNAVAILABLE, e.getMessage(), e);
    }
  }

  private static Backup message(Generation generation) {
    return Backup.newBuilder()
        .setGeneration(generation.number())
        .setMoment(generation.moment().toEpochMilli())
        .setBytes(generation.bytes())
        .build();
  }

  @Override
  public void listHeldLogs(
      ListHeldLogsRequest request, StreamObserver<ListHeldLogsResponse> observer) {
    Answers.answer(
        observer,
        ListHeldLogsResponse.newBuilder().addAllLogIds(names(store.get().heldLogs())).build());
  }

  @Override
  public void releaseHeldLogs(
      ReleaseHeldLogsRequest request, StreamObserver<ReleaseHeldLogsResponse> observer) {
    if (request.getLogIdsCount() == 0) {
      throw OdapException.fieldMissing("log_ids");
    }
    if (request.getLogIdsCount() > RELEASE_MAX) {
      throw OdapException.fieldInvalid(
          "log_ids", request.getLogIdsCount() + " logs", "at most 10,000");
    }
    List<LogId> wanted =
        request.getLogIdsList().stream().map(id -> Replies.valueOf(LogId.parse(id))).toList();
    List<LogId> released = Replies.valueOf(store.get().releaseHeld(wanted).join());
    log.atInfo()
        .addKeyValue("caller", CurrentCaller.get().identity())
        .addKeyValue("logs", released)
        .log("held logs released");
    Answers.answer(
        observer, ReleaseHeldLogsResponse.newBuilder().addAllLogIds(names(released)).build());
  }

  private static List<String> names(List<LogId> logs) {
    return logs.stream().map(LogId::value).toList();
  }
}
