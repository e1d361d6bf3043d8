package org.odap.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.CancelTransferResponse;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.GetTransferResponse;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.ListTransfersResponse;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.StartTransferResponse;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.api.client.v1.WatchTransferResponse;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapException;

/** A real service that answers with what it was asked, or fails as it was asked to. */
final class SampleTransfers extends TransferServiceGrpc.TransferServiceImplBase {
  static final String UNKNOWN = "unknown";
  static final String BROKEN = "broken";
  static final String ENDLESS = "endless";
  static final String SLOW = "slow";
  static final String FAILS_LATER = "fails-later";
  static final int ENTRIES = 5;

  final AtomicReference<StartTransferRequest> started = new AtomicReference<>();
  private final AtomicReference<Caller> starter = new AtomicReference<>();
  final CountDownLatch slowAsked = new CountDownLatch(1);
  final CountDownLatch watcherGone = new CountDownLatch(1);

  @Override
  public void startTransfer(
      StartTransferRequest request, StreamObserver<StartTransferResponse> observer) {
    if (request.getRequestId().isEmpty()) {
      throw OdapException.fieldMissing("request_id");
    }
    if (request.getAsset().getAmount().equals("-1")) {
      throw OdapException.fieldInvalid("recipient_dlt_system", "x", "y");
    }
    started.set(request);
    starter.set(CurrentCaller.get());
    Answers.answer(
        observer,
        StartTransferResponse.newBuilder()
            .setTransfer(Transfer.newBuilder().setTransferId(request.getRequestId()))
            .build());
  }

  @Override
  public void getTransfer(
      GetTransferRequest request, StreamObserver<GetTransferResponse> observer) {
    switch (request.getTransferId()) {
      case UNKNOWN ->
          throw new OdapException(ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN, "no such transfer");
      case BROKEN -> throw new IllegalStateException("password is 12345");
      case SLOW -> {
        await(new CountDownLatch(1));
        Answers.answer(observer, GetTransferResponse.getDefaultInstance());
      }
      default ->
          Answers.answer(
              observer,
              GetTransferResponse.newBuilder()
                  .setTransfer(
                      Transfer.newBuilder()
                          .setTransferId(request.getTransferId())
                          .setRole(request.getRole())
                          .setOrigin(CurrentCaller.get().identity().uri())
                          .setStartedAt(1_760_000_000_000L))
                  .build());
    }
  }

  @Override
  public void listTransfers(
      ListTransfersRequest request, StreamObserver<ListTransfersResponse> observer) {
    if (request.getPageToken().equals(SLOW)) {
      slowAsked.countDown();
      await(new CountDownLatch(1));
    }
    Answers.answer(
        observer,
        ListTransfersResponse.newBuilder()
            .setNextPageToken(request.getPageToken() + request.getPageSize())
            .build());
  }

  @Override
  public void cancelTransfer(
      CancelTransferRequest request, StreamObserver<CancelTransferResponse> observer) {
    Answers.answer(
        observer,
        CancelTransferResponse.newBuilder()
            .setTransfer(
                Transfer.newBuilder()
                    .setTransferId(request.getTransferId())
                    .setDescription(request.getReason()))
            .build());
  }

  @Override
  public void watchTransfer(
      WatchTransferRequest request, StreamObserver<WatchTransferResponse> observer) {
    if (request.getTransferId().equals(UNKNOWN)) {
      throw new OdapException(ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN, "no such transfer");
    }
    for (int index = Math.max(1, request.getFromIndex()); index <= ENTRIES; index++) {
      observer.onNext(
          WatchTransferResponse.newBuilder()
              .setLogEntry(LogEntry.newBuilder().setSeqNumber(index))
              .build());
      if (request.getTransferId().equals(FAILS_LATER)) {
        throw new OdapException(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, "log gone");
      }
    }
    ServerCallStreamObserver<WatchTransferResponse> caller =
        (ServerCallStreamObserver<WatchTransferResponse>) observer;
    if (request.getTransferId().equals(ENDLESS)) {
      caller.setOnCancelHandler(watcherGone::countDown);
      return;
    }
    observer.onCompleted();
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean _ = latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Optional<StartTransferRequest> lastStarted() {
    return Optional.ofNullable(started.get());
  }

  /** Who ordered it. */
  Optional<Caller> lastStarter() {
    return Optional.ofNullable(starter.get());
  }
}
