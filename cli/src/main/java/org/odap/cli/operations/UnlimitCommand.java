package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.RemoveLimitRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a limit. */
@Command(name = "unlimit", description = "Removes a limit.")
public final class UnlimitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The limit's name.")
  private String name;

  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway
            .removeLimit(
                RemoveLimitRequest.newBuilder()
                    .setRequestId(why.requestId())
                    .setReason(why.reason())
                    .setName(name)
                    .build())
            .getOperations());
  }
}
