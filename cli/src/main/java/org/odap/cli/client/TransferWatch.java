package org.odap.cli.client;

import java.util.Iterator;
import java.util.Locale;
import java.util.function.Consumer;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.api.client.v1.WatchTransferResponse;
import org.odap.cli.progress.ProgressView;

/** Follows a transfer entry by entry until it ends. */
public final class TransferWatch {
  private final GatewayConnection gateway;
  private final String transferId;
  private final GatewayRole role;

  /** Follows the log of one role; unspecified where the gateway has only one. */
  public TransferWatch(GatewayConnection gateway, String transferId, GatewayRole role) {
    this.gateway = gateway;
    this.transferId = transferId;
    this.role = role;
  }

  /** Shows every entry, and what is tried without success; answers when the transfer has ended. */
  public void follow(ProgressView view) {
    follow(event -> {
      if (event.hasLogEntry()) {
        view.show(roleName(event), event.getTransfer(), event.getLogEntry());
      } else {
        view.trouble(roleName(event), event.getTransfer());
      }
    });
  }

  /** Hands on every event; answers when the transfer has ended. */
  public void follow(Consumer<WatchTransferResponse> reader) {
    Iterator<WatchTransferResponse> events =
        gateway
            .transfers()
            .watchTransfer(
                WatchTransferRequest.newBuilder().setTransferId(transferId).setRole(role).build());
    while (events.hasNext()) {
      reader.accept(events.next());
    }
  }

  /** How the transfer stands. */
  public Transfer transfer() {
    return gateway
        .transfers()
        .getTransfer(
            GetTransferRequest.newBuilder().setTransferId(transferId).setRole(role).build())
        .getTransfer();
  }

  private static String roleName(WatchTransferResponse event) {
    return event
        .getTransfer()
        .getRole()
        .name()
        .replace("GATEWAY_ROLE_", "")
        .toLowerCase(Locale.ROOT);
  }
}
