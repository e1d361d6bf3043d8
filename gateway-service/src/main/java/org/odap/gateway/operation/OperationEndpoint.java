package org.odap.gateway.operation;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.odap.api.client.v1.DrainRequest;
import org.odap.api.client.v1.DrainResponse;
import org.odap.api.client.v1.EnterMaintenanceRequest;
import org.odap.api.client.v1.EnterMaintenanceResponse;
import org.odap.api.client.v1.GetOperationsRequest;
import org.odap.api.client.v1.GetOperationsResponse;
import org.odap.api.client.v1.GivenUpTracker;
import org.odap.api.client.v1.OperationServiceGrpc;
import org.odap.api.client.v1.PauseRequest;
import org.odap.api.client.v1.PauseResponse;
import org.odap.api.client.v1.PostAgainRequest;
import org.odap.api.client.v1.PostAgainResponse;
import org.odap.api.client.v1.RemoveLimitRequest;
import org.odap.api.client.v1.RemoveLimitResponse;
import org.odap.api.client.v1.ResumeRequest;
import org.odap.api.client.v1.ResumeResponse;
import org.odap.api.client.v1.SetLimitRequest;
import org.odap.api.client.v1.SetLimitResponse;
import org.odap.api.common.v1.Halt;
import org.odap.api.common.v1.HaltKind;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.api.storage.v1.PostingAgain;
import org.odap.api.storage.v1.Resumption;
import org.odap.gateway.client.Wishes;
import org.odap.gateway.history.TransferHistory;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.FieldChecks;

/** API type 1, operations: what the gateway's operators order of it. */
public final class OperationEndpoint extends OperationServiceGrpc.OperationServiceImplBase {
  private static final int KEY_MAX = 128;
  private static final int NAME_MAX = 256;
  private static final int DLT_MAX = 128;
  private static final int REASON_MAX = 1_024;
  private static final int PERIOD_MAX = 366 * 24 * 60 * 60;

  private final Operations operations;
  private final TransferHistory history;
  private final Supplier<List<GivenUpTracker>> trackers;
  private final Runnable access;
  private final Clock clock;

  /**
   * An endpoint.
   *
   * @param trackers those that were given up
   * @param access refuses a caller who may not operate the gateway
   */
  OperationEndpoint(
      Operations operations,
      TransferHistory history,
      Supplier<List<GivenUpTracker>> trackers,
      Runnable access,
      Clock clock) {
    this.operations = operations;
    this.history = history;
    this.trackers = trackers;
    this.access = access;
    this.clock = clock;
  }

  @Override
  public void getOperations(
      GetOperationsRequest request, StreamObserver<GetOperationsResponse> observer) {
    access.run();
    Answers.answer(
        observer,
        GetOperationsResponse.newBuilder().setOperations(view(operations.book())).build());
  }

  @Override
  public void pause(PauseRequest request, StreamObserver<PauseResponse> observer) {
    FieldChecks checks = checks(request.getRequestId(), request.getReason(), request.getUntil());
    scope(checks, request.getScope());
    Halt halt =
        halt(HaltKind.HALT_KIND_PAUSE, request.getReason(), request.getUntil())
            .setScope(request.getScope())
            .build();
    Answers.answer(
        observer,
        PauseResponse.newBuilder()
            .setOperations(order(checks, request, order -> order.setHalt(halt)))
            .build());
  }

  @Override
  public void drain(DrainRequest request, StreamObserver<DrainResponse> observer) {
    FieldChecks checks = checks(request.getRequestId(), request.getReason(), request.getUntil());
    Halt halt = halt(HaltKind.HALT_KIND_DRAIN, request.getReason(), request.getUntil()).build();
    Answers.answer(
        observer,
        DrainResponse.newBuilder()
            .setOperations(order(checks, request, order -> order.setHalt(halt)))
            .build());
  }

  @Override
  public void enterMaintenance(
      EnterMaintenanceRequest request, StreamObserver<EnterMaintenanceResponse> observer) {
    FieldChecks checks = checks(request.getRequestId(), request.getReason(), request.getUntil());
    Halt halt =
        halt(HaltKind.HALT_KIND_MAINTENANCE, request.getReason(), request.getUntil()).build();
    Answers.answer(
        observer,
        EnterMaintenanceResponse.newBuilder()
            .setOperations(order(checks, request, order -> order.setHalt(halt)))
            .build());
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ResumeResponse> observer) {
    FieldChecks checks = new FieldChecks().text("request_id", request.getRequestId(), KEY_MAX);
    checks.optionalText("reason", request.getReason(), REASON_MAX);
    scope(checks, request.getScope());
    Resumption.Builder resumption = Resumption.newBuilder();
    if (request.hasScope()) {
      resumption.setScope(request.getScope());
    }
    Answers.answer(
        observer,
        ResumeResponse.newBuilder()
            .setOperations(
                order(
                    checks,
                    request,
                    order -> order.setResumption(resumption).setReason(request.getReason())))
            .build());
  }

  @Override
  public void setLimit(SetLimitRequest request, StreamObserver<SetLimitResponse> observer) {
    FieldChecks checks = new FieldChecks().text("request_id", request.getRequestId(), KEY_MAX);
    Limit limit = request.getLimit().toBuilder().clearSetBy().clearSetAt().build();
    limit(checks, limit);
    Answers.answer(
        observer,
        SetLimitResponse.newBuilder()
            .setOperations(
                order(checks, request, order -> order.setLimit(limit).setReason(limit.getReason())))
            .build());
  }

  @Override
  public void removeLimit(
      RemoveLimitRequest request, StreamObserver<RemoveLimitResponse> observer) {
    FieldChecks checks = new FieldChecks().text("request_id", request.getRequestId(), KEY_MAX);
    limitName(checks, "name", request.getName());
    checks.optionalText("reason", request.getReason(), REASON_MAX);
    Answers.answer(
        observer,
        RemoveLimitResponse.newBuilder()
            .setOperations(
                order(
                    checks,
                    request,
                    order ->
                        order.setRemovedLimit(request.getName()).setReason(request.getReason())))
            .build());
  }

  @Override
  public void postAgain(PostAgainRequest request, StreamObserver<PostAgainResponse> observer) {
    FieldChecks checks =
        new FieldChecks()
            .text("request_id", request.getRequestId(), KEY_MAX)
            .optionalText("transfer_id", request.getTransferId(), KEY_MAX)
            .optionalText("reason", request.getReason(), REASON_MAX);
    PostingAgain again = PostingAgain.newBuilder().setTransferId(request.getTransferId()).build();
    Answers.answer(
        observer,
        PostAgainResponse.newBuilder()
            .setOperations(
                order(
                    checks,
                    request,
                    order -> order.setPostingAgain(again).setReason(request.getReason())))
            .build());
  }

  private org.odap.api.client.v1.Operations order(
      FieldChecks checks, Message request, Consumer<OperationOrder.Builder> what) {
    access.run();
    checks.end();
    String client = CurrentCaller.get().identity().uri();
    return view(operations.order(Wishes.of(client, request), what));
  }

  private org.odap.api.client.v1.Operations view(OperationBook book) {
    long now = clock.millis();
    boolean accepting = book.wholeHalt(now).isEmpty();
    return org.odap.api.client.v1.Operations.newBuilder()
        .setAccepting(accepting)
        .addAllHalts(book.halts(now))
        .addAllLimits(book.limitsByName())
        .setInFlight(history.runningCount())
        .addAllGivenUpTrackers(trackers.get())
        .setDrained(!accepting && history.complete() && history.runningCount() == 0)
        .build();
  }

  private FieldChecks checks(String requestId, String reason, long until) {
    FieldChecks checks =
        new FieldChecks().text("request_id", requestId, KEY_MAX).text("reason", reason, REASON_MAX);
    if (until != 0 && until <= clock.millis()) {
      checks.invalid("until", Long.toString(until), "0, or an instant in the future");
    }
    return checks;
  }

  private static void scope(FieldChecks checks, OperationScope scope) {
    checks
        .optionalText("scope.counterparty", scope.getCounterparty(), NAME_MAX)
        .optionalText("scope.dlt_system", scope.getDltSystem(), DLT_MAX)
        .optionalText("scope.asset_profile_id", scope.getAssetProfileId(), NAME_MAX);
  }

  private static Halt.Builder halt(HaltKind kind, String reason, long until) {
    return Halt.newBuilder()
        .setKind(kind)
        .setScope(OperationScope.getDefaultInstance())
        .setReason(reason)
        .setUntil(until);
  }

  private static void limit(FieldChecks checks, Limit limit) {
    limitName(checks, "limit.name", limit.getName());
    checks
        .optionalText("limit.counterparty", limit.getCounterparty(), NAME_MAX)
        .optionalText("limit.asset_profile_id", limit.getAssetProfileId(), NAME_MAX)
        .optionalText("limit.reason", limit.getReason(), REASON_MAX);
    if (!limit.getRole().matches("|sender|recipient")) {
      checks.optionalText("limit.role", limit.getRole(), DLT_MAX);
      checks.invalid("limit.role", "unknown", "sender or recipient");
    }
    if (!limit.getAmountMax().isEmpty()) {
      checks.decimal("limit.amount_max", limit.getAmountMax());
    }
    if (!limit.getSumMax().isEmpty()) {
      checks.decimal("limit.sum_max", limit.getSumMax());
    }
    boolean periodic = !limit.getSumMax().isEmpty() || limit.getNumberMax() != 0;
    long period = Integer.toUnsignedLong(limit.getPeriodSeconds());
    if (periodic && period == 0) {
      checks.missing("limit.period_seconds");
    }
    if (period > PERIOD_MAX) {
      checks.invalid("limit.period_seconds", Long.toString(period), "at most " + PERIOD_MAX);
    }
    countable(checks, "limit.number_max", limit.getNumberMax());
    countable(checks, "limit.in_flight_max", limit.getInFlightMax());
    if (!periodic && limit.getAmountMax().isEmpty() && limit.getInFlightMax() == 0) {
      checks.invalid("limit", "no bound", "at least one of its bounds");
    }
  }

  private static void countable(FieldChecks checks, String field, int value) {
    if (value < 0) {
      checks.invalid(field, Integer.toUnsignedString(value), "at most 2147483647");
    }
  }

  private static void limitName(FieldChecks checks, String field, String name) {
    if (name.isEmpty()) {
      checks.missing(field);
    } else if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      checks.invalid(field, name.substring(0, Math.min(name.length(), 64)), "a name");
    }
  }
}
