package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.GetOperationsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is halted, which limits there are, and what is left. */
@Command(
    name = "status",
    description = "Says what is halted, which limits there are, and what is left.")
public final class StatusCommand implements Callable<Integer> {

  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway.getOperations(GetOperationsRequest.getDefaultInstance()).getOperations());
  }
}
