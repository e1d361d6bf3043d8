package org.odap.cli.log;

import java.util.concurrent.Callable;
import org.odap.api.log.v1.ListHeldLogsRequest;
import org.odap.api.log.v1.ListHeldLogsResponse;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the logs that a restore holds. */
@Command(
    name = "held",
    description = {
      "Lists the logs of transfers that were open in the backup a log service was restored from,",
      "and that wait for an operator."
    })
final class HeldCommand implements Callable<Integer> {
  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    ListHeldLogsResponse held =
        log.call(service -> service.listHeldLogs(ListHeldLogsRequest.getDefaultInstance()));
    if (output.json()) {
      output.print(held);
    } else {
      held.getLogIdsList().forEach(output.terminal()::line);
    }
    return 0;
  }
}
