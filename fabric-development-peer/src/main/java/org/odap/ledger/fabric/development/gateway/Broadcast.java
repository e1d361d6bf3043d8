package org.odap.ledger.fabric.development.gateway;

import static org.odap.ledger.fabric.development.gateway.GatewayErrors.detail;
import static org.odap.ledger.fabric.development.gateway.GatewayErrors.error;

import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.odap.ledger.fabric.development.ordering.Orderer;
import org.odap.ledger.fabric.development.ordering.OrdererException;

/** Hands a transaction to the orderer and its acknowledgement, if any, to the client. */
final class Broadcast {
  private final Orderer orderer;
  private final GatewayEndpoint.OrdererAddress address;
  private final ServerCallStreamObserver<SubmitResponse> client;

  Broadcast(
      Orderer orderer,
      GatewayEndpoint.OrdererAddress address,
      ServerCallStreamObserver<SubmitResponse> client) {
    this.orderer = orderer;
    this.address = address;
    this.client = client;
  }

  void send(Envelope envelope) {
    try {
      // A frozen orderer does not answer: the client's deadline ends the call, and nothing else.
      var _ = orderer.submit(envelope).whenComplete((_, failure) -> answer(failure));
    } catch (OrdererException e) {
      answer(e);
    }
  }

  private void answer(Throwable failure) {
    if (client.isCancelled()) {
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    switch (cause) {
      case null -> {
        client.onNext(SubmitResponse.getDefaultInstance());
        client.onCompleted();
      }
      case OrdererException e -> client.onError(refusal(e));
      default -> client.onError(cause);
    }
  }

  private Throwable refusal(OrdererException e) {
    return switch (e.reason()) {
      case UNREACHABLE ->
          error(
              Code.UNAVAILABLE,
              "no orderers could successfully process transaction",
              List.of(detail(address.address(), address.mspId(), e.getMessage())));
      case FORBIDDEN ->
          error(
              Code.ABORTED,
              "received unsuccessful response from orderer: status=FORBIDDEN, info="
                  + e.getMessage());
    };
  }
}
