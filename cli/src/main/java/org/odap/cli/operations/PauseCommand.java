package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.PauseRequest;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes no new transfers, or none of some kind; what has begun goes on. */
@Command(
    name = "pause",
    description = "Takes no new transfers, or none of some kind; what has begun goes on.")
public final class PauseCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.HowLong howLong;
  @Mixin private OrderOptions.Scope scope;
  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      PauseRequest.Builder request =
          PauseRequest.newBuilder()
              .setRequestId(why.requestId())
              .setReason(why.reason())
              .setUntil(howLong.until());
      if (scope.isGiven()) {
        request.setScope(scope.scope());
      }
      OperationsText.print(gateway.operations().pause(request.build()).getOperations(), output);
      return 0;
    }
  }
}
