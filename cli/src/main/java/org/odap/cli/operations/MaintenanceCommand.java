package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.EnterMaintenanceRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Drains the gateway, and has it say that it is not ready. */
@Command(
    name = "maintenance",
    description = "Drains the gateway, and has it say that it is not ready.")
public final class MaintenanceCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.HowLong howLong;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway
            .enterMaintenance(
                EnterMaintenanceRequest.newBuilder()
                    .setRequestId(why.requestId())
                    .setReason(why.reason())
                    .setUntil(howLong.until())
                    .build())
            .getOperations());
  }
}
