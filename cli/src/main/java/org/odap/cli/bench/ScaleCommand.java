package org.odap.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What more of everything costs. */
@Command(
    name = "scale",
    description = {
      "Measures what more of everything costs: appends to a log of one node and of three beside",
      "RocksDB's own synced puts, and a transfer with few and with many in flight."
    })
final class ScaleCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WARM_UP_IN_FLIGHT = 16;
  private static final int WARM_UP_ROUND = 500;
  private static final Duration WARM_UP_MAX = Duration.ofMinutes(3);
  private static final int TRANSFERS_MIN = 2_000;
  private static final int TRANSFERS_EACH = 2;

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      description = "Nodes of the logs that are measured; 1,3 by default.")
  private List<Integer> nodes = new ArrayList<>(List.of(1, 3));

  @Option(names = "--writers", paramLabel = "N", description = "Writers of a log; 64 by default.")
  private int writers = 64;

  @Option(
      names = "--appends",
      paramLabel = "N",
      description = "Appends of each writer in a round; 500 by default.")
  private int appends = 500;

  @Option(
      names = "--in-flight",
      split = ",",
      arity = "0..*",
      paramLabel = "N",
      description = "How many transfers at a time; 10,1000,10000 by default, empty for none.")
  private List<Integer> inFlight = new ArrayList<>(List.of(10, 1_000, 10_000));

  @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each service; 1g.")
  private String heap = "1g";

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    if (writers < 1 || appends < 1 || nodes.stream().anyMatch(n -> n < 1)) {
      throw new CliException("--writers, --appends, --nodes: expected: each 1 or more");
    }
    Path folder = BenchFolder.make();
    output.step("everything is in " + folder);
    List<LogRate> rates = rates(new LogRates(folder, writers, appends, output::step));
    List<Level> levels = inFlight.isEmpty() ? List.of() : levels(folder.resolve("system"));
    report(rates, levels);
    return levels.stream().allMatch(level -> level.failed() == 0) ? 0 : OdapMain.EXIT_FAILED;
  }

  private List<LogRate> rates(LogRates log) throws InterruptedException {
    List<LogRate> rates = new ArrayList<>();
    if (nodes.isEmpty()) {
      return rates;
    }
    LogRate puts = log.puts();
    rates.add(puts);
    for (int count : nodes) {
      rates.add(log.log(count).of(puts));
    }
    return rates;
  }

  private List<Level> levels(Path folder) throws InterruptedException {
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            true,
            List.of("-XX:+UseSerialGC", "-Xmx" + heap));
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), output::step);
        Load load = new Load(system, Cargo.FUNGIBLE)) {
      load.endow(inFlight.stream().mapToInt(n -> n).max().orElse(1));
      output.step("warming up, at most " + WARM_UP_MAX.toSeconds() + " s");
      double _ =
          WarmUp.untilStable(
              WARM_UP_MAX, () -> load.run(WARM_UP_IN_FLIGHT, WARM_UP_ROUND).transfersPerSecond());
      List<Level> levels = new ArrayList<>();
      for (int n : inFlight) {
        output.step("measuring " + n + " in flight");
        levels.add(load.run(n, Math.max(TRANSFERS_MIN, TRANSFERS_EACH * n)));
      }
      return levels;
    }
  }

  private void report(List<LogRate> rates, List<Level> levels) {
    if (output.json()) {
      ObjectNode json = JSON.createObjectNode();
      json.set("appends", JSON.valueToTree(rates));
      json.set("levels", JSON.valueToTree(levels));
      output.terminal().line(json.toString());
      return;
    }
    TextTable appended =
        new TextTable("made durable", "writers", "/s", "p50 ms", "p99 ms", "ratio");
    for (LogRate rate : rates) {
      TextTable _ =
          appended.row(
              rate.what(),
              rate.writers(),
              number(rate.perSecond()),
              number(rate.p50Millis()),
              number(rate.p99Millis()),
              number(rate.ofPuts()));
    }
    appended.lines().forEach(output.terminal()::line);
    if (levels.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable("in flight", "transfers", "failed", "/s", "p99 ms", "CPU ms", "MB", "ratio");
    double first = levels.getFirst().cpuMillis();
    for (Level level : levels) {
      TextTable _ =
          table.row(
              level.inFlight(),
              level.transfers(),
              level.failed(),
              number(level.transfersPerSecond()),
              number(level.p99Millis()),
              number(level.cpuMillis()),
              level.residentMegabytes(),
              number(level.cpuMillis() / first));
    }
    table.lines().forEach(output.terminal()::line);
    output.terminal().line("CPU ms are a transfer's, all services; ratio: to the first line's.");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
