package org.odap.cli.client;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.DecideTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves a transfer that waits for a person (ODAP 6.2). */
@Command(name = "approve", description = "Approves a transfer that waits for a person's word.")
public final class ApproveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId;

  @Option(names = "--reason", description = "Why; goes to the other gateway.")
  private String reason = "";

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
              .decideTransfer(
                  DecideTransferRequest.newBuilder()
                      .setTransferId(transferId)
                      .setApprove(true)
                      .setReason(reason)
                      .setRole(role.role())
                      .build())
              .getTransfer();
      TransferText.print(transfer, output);
      return 0;
    }
  }
}
