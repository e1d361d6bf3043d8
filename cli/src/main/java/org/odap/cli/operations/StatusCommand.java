package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.GetOperationsRequest;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is halted, which limits there are, and what is left. */
@Command(
    name = "status",
    description = "Says what is halted, which limits there are, and what is left.")
public final class StatusCommand implements Callable<Integer> {

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (GatewayConnection gateway = profile.connect()) {
      OperationsText.print(
          gateway
              .operations()
              .getOperations(GetOperationsRequest.getDefaultInstance())
              .getOperations(),
          output);
      return 0;
    }
  }
}
