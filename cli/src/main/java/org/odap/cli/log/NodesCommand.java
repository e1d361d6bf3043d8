package org.odap.cli.log;

import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.api.log.v1.GetReplicationRequest;
import org.odap.api.log.v1.GetReplicationResponse;
import org.odap.api.log.v1.ReplicationNode;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.Terminal;
import org.odap.cli.terminal.TextTable;
import org.odap.runtime.rpc.OdapErrors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows how a replicated log stands. */
@Command(
    name = "nodes",
    description = {
      "Shows the nodes of a replicated log: asks each address of the profile for what it sees.",
      "Exits with 1 when no node that leads answers."
    })
final class NodesCommand implements Callable<Integer> {
  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  /** What came of asking at an address. */
  private record Asked(String address, List<GetReplicationResponse> answer, String failure) {}

  @Override
  public Integer call() {
    List<Asked> asked =
        log.callEach((address, service) -> {
          try {
            return new Asked(
                address,
                List.of(service.getReplication(GetReplicationRequest.getDefaultInstance())),
                "");
          } catch (StatusRuntimeException e) {
            return new Asked(address, List.of(), OdapErrors.fromGrpc(e).getMessage());
          }
        });
    asked.forEach(this::print);
    return asked.stream().flatMap(one -> one.answer().stream()).anyMatch(one -> one.getLeads())
        ? 0
        : 1;
  }

  private void print(Asked asked) {
    if (output.json()) {
      asked.answer().forEach(output::print);
      return;
    }
    Terminal terminal = output.terminal();
    if (asked.answer().isEmpty()) {
      terminal.line(asked.address() + ": " + asked.failure());
    }
    asked.answer().forEach(answer -> print(asked.address(), answer, terminal));
  }

  private static void print(String address, GetReplicationResponse answer, Terminal terminal) {
    if (answer.getNodesCount() == 0) {
      terminal.line(
          "%s: %s belongs to no log: odap log add-node takes it in"
              .formatted(address, answer.getNode()));
      return;
    }
    terminal.line(
        "%s: %s %s in term %d, has entry %d"
            .formatted(
                address,
                answer.getNode(),
                answer.getLeads() ? "leads" : "follows",
                answer.getTerm(),
                answer.getAppliedIndex()));
    if (answer.getLeads()) {
      TextTable table = new TextTable("node", "address", "has entry");
      answer
          .getNodesList()
          .forEach(node -> {
            TextTable _ = table.row(node.getName(), node.getAddress(), place(node));
          });
      table.lines().forEach(terminal::line);
    }
  }

  private static String place(ReplicationNode node) {
    return node.hasAppliedIndex() ? Long.toString(node.getAppliedIndex()) : "?";
  }
}
