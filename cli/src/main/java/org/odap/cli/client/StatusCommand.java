package org.odap.cli.client;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.api.client.v1.DescribeGatewayResponse;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.Terminal;
import org.odap.cli.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how a transfer stands, or the gateway. */
@Command(
    name = "status",
    description = "Says how a transfer stands; without one, what the gateway is and reaches.")
public final class StatusCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId = "";

  @Option(names = "--role", description = "sender or recipient, where the gateway has both roles.")
  private RoleName role = RoleName.ANY;

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      if (transferId.isEmpty()) {
        describe(gateway);
      } else {
        TransferText.print(new TransferWatch(gateway, transferId, role.role()).transfer(), output);
      }
      return 0;
    }
  }

  private void describe(GatewayConnection gateway) {
    DescribeGatewayResponse answer =
        gateway.transfers().describeGateway(DescribeGatewayRequest.getDefaultInstance());
    if (output.json()) {
      output.print(answer);
      return;
    }
    Terminal terminal = output.terminal();
    terminal.line("gateway  " + answer.getGateway() + "  " + answer.getSoftwareVersion());
    terminal.line("peers    " + String.join(", ", answer.getPeersList()));
    terminal.line("assets   " + String.join(", ", answer.getAssetProfileIdsList()));
    TextTable ledgers = new TextTable("ledger", "kind", "reachable", "capabilities");
    answer
        .getLedgersList()
        .forEach(ledger ->
            ledgers.row(
                ledger.getDltSystem(),
                ledger.getLedgerKind(),
                ledger.getReachable() ? "yes" : "no",
                String.join(" ", ledger.getCapabilitiesList())));
    ledgers.lines().forEach(terminal::line);
  }
}
