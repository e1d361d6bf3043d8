package org.odap.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;

/** One order, given to several gateways in front of a ledger (IT V.C). */
public final class SameOrder {
  private SameOrder() {}

  /**
   * Gives the order to all gateways at once, and waits until every transfer it became has ended.
   *
   * @param order as it is given through a connection; but for that the same
   * @throws RuntimeException the first refusal of a gateway, once all others have ended
   */
  public static List<Transfer> toAll(
      List<ClientProfile> gateways, Function<GatewayConnection, StartTransferRequest> order)
      throws InterruptedException {
    List<Transfer> ends = new ArrayList<>();
    RuntimeException refusal = null;
    try (ExecutorService orders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Transfer>> running =
          gateways.stream().map(gateway -> orders.submit(() -> end(gateway, order))).toList();
      for (Future<Transfer> one : running) {
        try {
          ends.add(one.get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof RuntimeException refused)) {
            throw new IllegalStateException(e.getCause());
          }
          refusal = refusal == null ? refused : refusal;
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return ends;
  }

  private static Transfer end(
      ClientProfile gateway, Function<GatewayConnection, StartTransferRequest> order) {
    try (GatewayConnection connection = GatewayConnection.open(gateway)) {
      Transfer started =
          connection.transfers().startTransfer(order.apply(connection)).getTransfer();
      TransferWatch watch =
          new TransferWatch(connection, started.getTransferId(), GatewayRole.GATEWAY_ROLE_SENDER);
      watch.follow(event -> {});
      return watch.transfer();
    }
  }
}
