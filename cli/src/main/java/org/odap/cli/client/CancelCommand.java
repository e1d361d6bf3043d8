package org.odap.cli.client;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a transfer up, before the commit point. */
@Command(
    name = "cancel",
    description = "Gives a transfer up; refused once the asset is extinguished (step 3.3).")
public final class CancelCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId;

  @Option(
      names = "--reason",
      required = true,
      description = "Why; recorded and sent to the other gateway.")
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
              .cancelTransfer(
                  CancelTransferRequest.newBuilder()
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
