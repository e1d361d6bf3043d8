package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** Calls of the schemas' methods over JSON: what a caller gets is what it gets over gRPC. */
@Timeout(60)
class JsonChannelTest {
  private static final StartTransferRequest ORDER =
      StartTransferRequest.newBuilder()
          .setRequestId("r-1")
          .setOrigin("ä\n\"")
          .setAsset(Asset.newBuilder().setAmount("7"))
          .setLockDurationMillis(-1)
          .build();

  @TempDir static Path folder;
  private static EdgeFixture edge;

  @BeforeAll
  static void start() throws Exception {
    edge = new EdgeFixture(folder, EdgeConfig.ClientCertificate.REQUIRED);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    edge.close();
  }

  private static <T> T calling(
      Identity caller, Identity server, Function<TransferServiceBlockingStub, T> call) {
    JsonChannel channel = edge.channel(caller, server);
    try {
      return call.apply(
          TransferServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS));
    } finally {
      channel.stop(Duration.ofSeconds(1));
    }
  }

  private static OdapException refusal(
      Identity caller, Identity server, StartTransferRequest order) {
    return OdapErrors.fromGrpc(
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> calling(caller, server, stub -> stub.startTransfer(order))));
  }

  @Test
  @Tag("CARD-4")
  void aMessageArrivesAsItWasSent() {
    String id =
        calling(
            EdgeFixture.CLIENT,
            EdgeFixture.GATEWAY,
            stub -> stub.startTransfer(ORDER).getTransfer().getTransferId());

    assertThat(id).isEqualTo("r-1");
    assertThat(edge.transfers.lastStarted()).contains(ORDER);
  }

  @Test
  @Tag("CARD-4")
  void aRefusalKeepsItsReasonAndItsFields() {
    OdapException missing =
        refusal(EdgeFixture.CLIENT, EdgeFixture.GATEWAY, StartTransferRequest.getDefaultInstance());
    OdapException stranger = refusal(EdgeFixture.STRANGER, EdgeFixture.GATEWAY, ORDER);

    assertThat(missing.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);
    assertThat(missing.fieldViolations().getFirst().field()).isEqualTo("requestId");
    assertThat(stranger.reason()).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  @Tag("CARD-3")
  void nobodyElseIsSpokenTo() {
    OdapException other = refusal(EdgeFixture.CLIENT, EdgeFixture.STRANGER, ORDER);

    assertThat(other.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(other.description()).contains(EdgeFixture.GATEWAY.uri());
  }

  @Test
  @Tag("CARD-3")
  void aRenewedCertificateIsShownAtTheNextCall() {
    TlsMaterial tls = edge.material(EdgeFixture.CLIENT);
    JsonChannel channel = edge.channel(tls, EdgeFixture.GATEWAY);
    TransferServiceBlockingStub stub = TransferServiceGrpc.newBlockingStub(channel);
    assertThat(stub.startTransfer(ORDER).getTransfer().getTransferId()).isEqualTo("r-1");
    assertThat(edge.transfers.lastStarter().orElseThrow().certificate())
        .contains(tls.certificate());

    TlsMaterial _ = edge.material(EdgeFixture.CLIENT);
    assertThat(tls.reloadIfChanged()).isTrue();

    assertThat(stub.startTransfer(ORDER).getTransfer().getTransferId()).isEqualTo("r-1");
    assertThat(edge.transfers.lastStarter().orElseThrow().certificate())
        .contains(tls.certificate());
    channel.stop(Duration.ofSeconds(1));
  }

  @Test
  void aCallerThatHangsUpWaitsNoLonger() throws Exception {
    JsonChannel channel = edge.channel(EdgeFixture.CLIENT, EdgeFixture.GATEWAY);
    Context.CancellableContext context = Context.current().withCancellation();
    CompletableFuture<OdapException> failure =
        CompletableFuture.supplyAsync(() ->
            catchThrowable(
                context,
                () ->
                    TransferServiceGrpc.newBlockingStub(channel)
                        .listTransfers(
                            ListTransfersRequest.newBuilder()
                                .setPageToken(SampleTransfers.SLOW)
                                .build())));
    edge.transfers.slowAsked.await();
    assertThat(failure).isNotDone();

    boolean _ = context.cancel(null);

    assertThat(failure.get(20, TimeUnit.SECONDS).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    channel.stop(Duration.ofSeconds(1));
  }

  private static OdapException catchThrowable(Context context, Runnable call) {
    return OdapErrors.fromGrpc(
        catchThrowableOfType(StatusRuntimeException.class, () -> context.run(call)));
  }

  @Test
  void aDeadlineIsKept() {
    OdapException late =
        OdapErrors.fromGrpc(
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    calling(
                        EdgeFixture.CLIENT,
                        EdgeFixture.GATEWAY,
                        stub ->
                            stub.withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                .listTransfers(
                                    ListTransfersRequest.newBuilder()
                                        .setPageToken(SampleTransfers.SLOW)
                                        .build()))));

    assertThat(late.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }
}
