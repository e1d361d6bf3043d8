package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.DrainRequest;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes no new transfers until none is left; status says how many are. */
@Command(
    name = "drain",
    description = "Takes no new transfers until none is left; status says how many are.")
public final class DrainCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.HowLong howLong;
  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      OperationsText.print(
          gateway
              .operations()
              .drain(
                  DrainRequest.newBuilder()
                      .setRequestId(why.requestId())
                      .setReason(why.reason())
                      .setUntil(howLong.until())
                      .build())
              .getOperations(),
          output);
      return 0;
    }
  }
}
