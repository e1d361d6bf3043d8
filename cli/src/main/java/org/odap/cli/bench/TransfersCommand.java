package org.odap.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.system.TemporaryFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures transfers between two gateways. */
@Command(
    name = "transfers",
    description = {
      "Measures transfers between two gateways: each side's services are processes, all calls go",
      "over mutual TLS, logs are synced to disk, the two SQL ledgers are in memory."
    })
final class TransfersCommand implements Callable<Integer> {
  private static final int WARM_UP_IN_FLIGHT = 16;
  private static final int WARM_UP_ROUND = 500;
  private static final int TRANSFERS_MIN = 200;
  private static final int TRANSFERS_EACH = 12;

  @Option(
      names = "--in-flight",
      split = ",",
      paramLabel = "N",
      description = "How many transfers at a time; 1,8,32,256 by default.")
  private List<Integer> inFlight = new ArrayList<>(List.of(1, 8, 32, 256));

  @Option(
      names = "--transfers",
      paramLabel = "N",
      description = "Transfers of each measurement; by default 200 or 12 for each in flight.")
  private int transfers;

  @Option(
      names = "--asset",
      description = "What is transferred: fungible (default) or unique, one for each transfer.")
  private Cargo cargo = Cargo.FUNGIBLE;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      description =
          "At most so long transfers run before anything is measured, until they go no faster;"
              + " PT5M by default.")
  private Duration warmUp = Duration.ofMinutes(5);

  @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each service; 384m.")
  private String heap = "384m";

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    if (inFlight.stream().anyMatch(n -> n < 1)) {
      throw new CliException("--in-flight: value: " + inFlight + " (expected: each 1 or more)");
    }
    Path folder = TemporaryFolder.make("bench");
    output.step("everything is in " + folder);
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            true,
            List.of("-XX:+UseSerialGC", "-Xmx" + heap));
    output.step("measuring the floors");
    Floors floors = Floors.measure(folder.resolve("floors"));
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), output::step);
        Load load = new Load(system, cargo)) {
      load.endow(Math.max(Collections.max(inFlight), WARM_UP_IN_FLIGHT));
      output.step("warming up until transfers go no faster, at most " + warmUp.toSeconds() + " s");
      double rate =
          WarmUp.untilStable(
              warmUp, () -> load.run(WARM_UP_IN_FLIGHT, WARM_UP_ROUND).transfersPerSecond());
      output.step("warmed up at " + Math.round(rate) + " transfers/s");
      List<Level> levels = new ArrayList<>();
      for (int n : inFlight) {
        output.step("measuring " + n + " in flight");
        levels.add(load.run(n, count(n)));
      }
      report(floors, levels, load.bytesLogged());
      return levels.stream().allMatch(level -> level.failed() == 0) ? 0 : OdapMain.EXIT_FAILED;
    }
  }

  private int count(int inFlightNow) {
    return transfers > 0 ? transfers : Math.max(TRANSFERS_MIN, TRANSFERS_EACH * inFlightNow);
  }

  private void report(Floors floors, List<Level> levels, long bytesLogged) {
    if (output.json()) {
      output.terminal().line(BenchReport.json(floors, levels, bytesLogged));
    } else {
      BenchReport.lines(floors, levels, bytesLogged).forEach(output.terminal()::line);
    }
  }
}
