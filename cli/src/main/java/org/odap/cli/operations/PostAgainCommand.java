package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.PostAgainRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Posts to trackers again that were given up; status says which (ODAP 5.8). */
@Command(
    name = "post-again",
    description = "Posts to trackers again that were given up; status says which.")
public final class PostAgainCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "TRANSFER",
      description = "Only to the tracker of this transfer; without it to all.")
  private String transferId = "";

  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway
            .postAgain(
                PostAgainRequest.newBuilder()
                    .setRequestId(why.requestId())
                    .setTransferId(transferId)
                    .setReason(why.reason())
                    .build())
            .getOperations());
  }
}
