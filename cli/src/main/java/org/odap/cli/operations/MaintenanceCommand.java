package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.EnterMaintenanceRequest;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Drains the gateway, and has it say that it is not ready. */
@Command(
    name = "maintenance",
    description = "Drains the gateway, and has it say that it is not ready.")
public final class MaintenanceCommand implements Callable<Integer> {
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
              .enterMaintenance(
                  EnterMaintenanceRequest.newBuilder()
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
