package org.odap.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.ListTransfersResponse;
import org.odap.api.client.v1.Transfer;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists transfers, newest first. */
@Command(
    name = "transfers",
    aliases = "list",
    description = "Lists the gateway's transfers, newest first.")
public final class ListCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  @Option(names = "--unfinished", description = "Only those still running.")
  private boolean unfinished;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many; 100 by default.")
  private int limit = 100;

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      List<Transfer> transfers = read(gateway);
      if (output.json()) {
        transfers.forEach(output::print);
      } else {
        TransferText.list(transfers).forEach(output.terminal()::line);
      }
      return 0;
    }
  }

  private List<Transfer> read(GatewayConnection gateway) {
    List<Transfer> transfers = new ArrayList<>();
    String token = "";
    do {
      ListTransfersResponse page =
          gateway
              .transfers()
              .listTransfers(
                  ListTransfersRequest.newBuilder()
                      .setUnfinishedOnly(unfinished)
                      .setPageSize(Math.min(PAGE, limit - transfers.size()))
                      .setPageToken(token)
                      .build());
      transfers.addAll(page.getTransfersList());
      token = page.getNextPageToken();
    } while (!token.isEmpty() && transfers.size() < limit);
    return transfers;
  }
}
