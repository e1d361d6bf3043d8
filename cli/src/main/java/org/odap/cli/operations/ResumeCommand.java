package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.ResumeRequest;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the halt of a scope; without a scope all halts. */
@Command(name = "resume", description = "Ends the halt of a scope; without a scope all halts.")
public final class ResumeCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.Scope scope;
  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      ResumeRequest.Builder request =
          ResumeRequest.newBuilder().setRequestId(why.requestId()).setReason(why.reason());
      if (scope.isGiven()) {
        request.setScope(scope.scope());
      }
      OperationsText.print(gateway.operations().resume(request.build()).getOperations(), output);
      return 0;
    }
  }
}
