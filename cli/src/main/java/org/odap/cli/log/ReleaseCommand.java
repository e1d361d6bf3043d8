package org.odap.cli.log;

import java.util.List;
import java.util.concurrent.Callable;
import org.odap.api.log.v1.ReleaseHeldLogsRequest;
import org.odap.api.log.v1.ReleaseHeldLogsResponse;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets held logs go on. */
@Command(
    name = "release",
    description = {
      "Lets held logs go on: a gateway takes the transfers up and recovers with its peers.",
      "See docs/log-storage.md on what to look at before."
    })
final class ReleaseCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "LOG",
      description = "Logs, as odap log held names them.")
  private List<String> logs = List.of();

  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    ReleaseHeldLogsResponse released =
        log.call(service ->
            service.releaseHeldLogs(
                ReleaseHeldLogsRequest.newBuilder().addAllLogIds(logs).build()));
    if (output.json()) {
      output.print(released);
    } else {
      released.getLogIdsList().forEach(id -> output.terminal().line("released " + id));
    }
    return 0;
  }
}
