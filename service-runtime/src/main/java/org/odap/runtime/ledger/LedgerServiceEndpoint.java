package org.odap.runtime.ledger;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateFromTransferResponse;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.CreateResponse;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.DestroyResponse;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.FinalizeLockResponse;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LockResponse;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.LogIncomingResponse;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.RecordLocationResponse;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.SubmitNativeRequest;
import org.odap.api.ledger.v1.SubmitNativeResponse;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.UnlockResponse;
import org.odap.api.ledger.v1.VerifyEvidenceRequest;
import org.odap.api.ledger.v1.VerifyEvidenceResponse;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WithdrawIncomingResponse;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.api.ledger.v1.WriteResponse;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.PacedStream;
import org.odap.runtime.tracing.Work;

/**
 * Offers a ledger over gRPC (ODAP 5.10): checks what a caller sent before the ledger sees it. Who
 * may call which method is the server's caller policy; how an exception becomes a status is the
 * server's error mapping.
 */
public final class LedgerServiceEndpoint extends LedgerServiceGrpc.LedgerServiceImplBase {
  private final LedgerAdapter ledger;

  /** Makes the service in front of a ledger. */
  public LedgerServiceEndpoint(LedgerAdapter ledger) {
    this.ledger = ledger;
  }

  @Override
  public void describe(DescribeRequest request, StreamObserver<DescribeResponse> caller) {
    answer(caller, ledger::describe);
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        request.getKey(),
        () -> LockResponse.newBuilder().setOutcome(ledger.lock(request)).build());
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> caller) {
    RequestChecks.check(request.getKey());
    answer(
        caller,
        request.getKey(),
        () -> UnlockResponse.newBuilder().setOutcome(ledger.unlock(request)).build());
  }

  @Override
  public void finalizeLock(
      FinalizeLockRequest request, StreamObserver<FinalizeLockResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        request.getKey(),
        () -> FinalizeLockResponse.newBuilder().setOutcome(ledger.finalizeLock(request)).build());
  }

  @Override
  public void recordLocation(
      RecordLocationRequest request, StreamObserver<RecordLocationResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        request.getKey(),
        () ->
            RecordLocationResponse.newBuilder().setOutcome(ledger.recordLocation(request)).build());
  }

  @Override
  public void logIncoming(LogIncomingRequest request, StreamObserver<LogIncomingResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        request.getKey(),
        () -> LogIncomingResponse.newBuilder().setOutcome(ledger.logIncoming(request)).build());
  }

  @Override
  public void createFromTransfer(
      CreateFromTransferRequest request, StreamObserver<CreateFromTransferResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        request.getKey(),
        () ->
            CreateFromTransferResponse.newBuilder()
                .setOutcome(ledger.createFromTransfer(request))
                .build());
  }

  @Override
  public void withdrawIncoming(
      WithdrawIncomingRequest request, StreamObserver<WithdrawIncomingResponse> caller) {
    RequestChecks.check(request.getKey());
    answer(
        caller,
        request.getKey(),
        () ->
            WithdrawIncomingResponse.newBuilder()
                .setOutcome(ledger.withdrawIncoming(request))
                .build());
  }

  @Override
  public void getStep(GetStepRequest request, StreamObserver<GetStepResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> ledger.getStep(request));
  }

  @Override
  public void verifyEvidence(
      VerifyEvidenceRequest request, StreamObserver<VerifyEvidenceResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        () ->
            VerifyEvidenceResponse.newBuilder()
                .addAllChecks(ledger.verifyEvidence(request.getClaim()))
                .build());
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> ledger.read(request));
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> CreateResponse.newBuilder().setOutcome(ledger.create(request)).build());
  }

  @Override
  public void write(WriteRequest request, StreamObserver<WriteResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> WriteResponse.newBuilder().setOutcome(ledger.write(request)).build());
  }

  @Override
  public void invoke(InvokeRequest request, StreamObserver<InvokeResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> ledger.invoke(request));
  }

  @Override
  public void destroy(DestroyRequest request, StreamObserver<DestroyResponse> caller) {
    RequestChecks.check(request);
    answer(caller, () -> DestroyResponse.newBuilder().setOutcome(ledger.destroy(request)).build());
  }

  @Override
  public void submitNative(
      SubmitNativeRequest request, StreamObserver<SubmitNativeResponse> caller) {
    RequestChecks.check(request);
    answer(
        caller,
        () ->
            SubmitNativeResponse.newBuilder()
                .setOutcome(ledger.submitNative(request.getTransaction()))
                .build());
  }

  @Override
  public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> caller) {
    RequestChecks.check(request);
    PacedStream<SubscribeResponse> stream =
        new PacedStream<>((ServerCallStreamObserver<SubscribeResponse>) caller);
    stream.serve(
        "ledger-subscription", () -> ledger.subscribe(request, new GrpcSubscriber(stream)));
  }

  /** A transfer's step. */
  private static <T> void answer(StreamObserver<T> caller, StepKey key, Supplier<T> act) {
    Work.isFor(key.getTransferId());
    answer(caller, act);
  }

  private static <T> void answer(StreamObserver<T> caller, Supplier<T> act) {
    Answers.answer(caller, act.get());
  }
}
