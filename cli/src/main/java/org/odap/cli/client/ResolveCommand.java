package org.odap.cli.client;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.ResolveTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Closes a transfer by hand. */
@Command(
    name = "resolve",
    description = {
      "Closes a transfer that can't end by itself: a ledger is lost for good, or the two gateways'",
      "logs disagree. Nothing more is done on any ledger; what they hold is settled by people."
    })
public final class ResolveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId;

  @Option(
      names = "--reason",
      required = true,
      description = "Why, and what was agreed; recorded in the transfer's log.")
  private String reason;

  @Option(names = "--role", description = "sender or recipient, where the gateway has both roles.")
  private RoleName role = RoleName.ANY;

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      Transfer transfer =
          gateway
              .transfers()
              .resolveTransfer(
                  ResolveTransferRequest.newBuilder()
                      .setTransferId(transferId)
                      .setReason(reason)
                      .setRole(role.role())
                      .build())
              .getTransfer();
      TransferText.print(transfer, output);
      return 0;
    }
  }
}
