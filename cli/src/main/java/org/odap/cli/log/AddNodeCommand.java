package org.odap.cli.log;

import java.util.concurrent.Callable;
import org.odap.api.log.v1.AddNodeRequest;
import org.odap.api.log.v1.AddNodeResponse;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a node into a replicated log. */
@Command(
    name = "add-node",
    description = {
      "Takes a started node into a replicated log: a new one, or one that lost its disk after it was",
      "removed. Returns when it has a copy of all there is."
    })
final class AddNodeCommand implements Callable<Integer> {
  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "NAME", description = "The node's replication.node.")
  private String name;

  @Parameters(paramLabel = "HOST:PORT", description = "Where the other nodes reach it.")
  private String address;

  @Override
  public Integer call() {
    AddNodeResponse _ =
        log.callLeader(service ->
            service.addNode(AddNodeRequest.newBuilder().setName(name).setAddress(address).build()));
    output.terminal().line(name + " keeps the log now");
    return 0;
  }
}
