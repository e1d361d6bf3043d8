package org.odap.cli.log;

import java.util.concurrent.Callable;
import org.odap.api.log.v1.RemoveNodeRequest;
import org.odap.api.log.v1.RemoveNodeResponse;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a node of a replicated log go. */
@Command(
    name = "remove-node",
    description = {
      "Lets a node of a replicated log go, also one that is gone for good: from then on the others",
      "do not wait for its vote. The node that leads can't be removed: stop it first."
    })
final class RemoveNodeCommand implements Callable<Integer> {
  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "NAME", description = "The node's name.")
  private String name;

  @Override
  public Integer call() {
    RemoveNodeResponse _ =
        log.callLeader(
            service -> service.removeNode(RemoveNodeRequest.newBuilder().setName(name).build()));
    output.terminal().line(name + " keeps the log no more");
    return 0;
  }
}
