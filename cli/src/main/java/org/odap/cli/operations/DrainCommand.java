package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.DrainRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes no new transfers until none is left; status says how many are. */
@Command(
    name = "drain",
    description = "Takes no new transfers until none is left; status says how many are.")
public final class DrainCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.HowLong howLong;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway
            .drain(
                DrainRequest.newBuilder()
                    .setRequestId(why.requestId())
                    .setReason(why.reason())
                    .setUntil(howLong.until())
                    .build())
            .getOperations());
  }
}
