package org.odap.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** What more of everything costs. */
@Command(
    name = "scale",
    description = {
      "Measures what more of everything costs: appends to a log of one node and of three beside",
      "RocksDB's own synced puts (log), a transfer with few and with many entries in the logs",
      "(stored), with few and with many in flight (transfers), and, if asked for, transfers for a",
      "long time (soak)."
    })
final class ScaleCommand implements Callable<Integer> {
  private static final int WARM_UP_IN_FLIGHT = 32;
  private static final int WARM_UP_ROUND = 500;
  private static final Duration WARM_UP_MAX = Duration.ofMinutes(3);

  /** With thousands in flight a step waits its turn for longer than gateways do by default. */
  private static final Map<String, Object> PATIENT = Map.of("timing", Map.of("patience", "10m"));

  private static final int TRANSFERS_MIN = 2_000;
  private static final int TRANSFERS_EACH = 2;

  /** What can be measured. */
  enum Part {
    LOG,
    STORED,
    TRANSFERS,
    SOAK
  }

  @Option(
      names = "--measure",
      split = ",",
      paramLabel = "PART",
      description = "Which of log, stored, transfers and soak; all but soak by default.")
  private Set<Part> parts = EnumSet.complementOf(EnumSet.of(Part.SOAK));

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      description = "Nodes of the logs that are appended to; 1,3 by default.")
  private List<Integer> nodes = new ArrayList<>(List.of(1, 3));

  @Option(names = "--writers", paramLabel = "N", description = "Writers of a log; 64 by default.")
  private int writers = 64;

  @Option(
      names = "--appends",
      paramLabel = "N",
      description = "Appends of each writer in a round; 2000 by default.")
  private int appends = 2_000;

  @Option(
      names = "--stored",
      split = ",",
      paramLabel = "N",
      description = "Entries in each side's log, rising; 100000,1000000 by default.")
  private List<Long> stored = new ArrayList<>(List.of(100_000L, 1_000_000L));

  @Option(
      names = "--in-flight",
      split = ",",
      paramLabel = "N",
      description = "How many transfers at a time; 10,1000,10000 by default.")
  private List<Integer> inFlight = new ArrayList<>(List.of(10, 1_000, 10_000));

  @Option(names = "--soak", paramLabel = "TIME", description = "How long a soak is; PT30M.")
  private Duration soak = Duration.ofMinutes(30);

  @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each service; 1g.")
  private String heap = "1g";

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    require("--writers", writers, writers > 0, "1 or more");
    require("--appends", appends, appends > 0, "1 or more");
    require("--nodes", nodes, nodes.stream().allMatch(n -> n > 0), "each 1 or more");
    require("--in-flight", inFlight, inFlight.stream().allMatch(n -> n > 0), "each 1 or more");
    require(
        "--stored",
        stored,
        stored.stream().allMatch(n -> n >= SampleLog.ENTRIES)
            && stored.equals(stored.stream().sorted().toList()),
        "rising, each %d or more".formatted(SampleLog.ENTRIES));
    Path folder = TemporaryFolder.make("bench");
    output.step("everything is in " + folder);
    ScaleReport report =
        new ScaleReport(
            parts.contains(Part.LOG)
                ? rates(new LogRates(folder, new Callers(writers, appends), output::step))
                : List.of(),
            parts.contains(Part.STORED)
                ? warm(
                    folder.resolve("stored"),
                    0,
                    (system, load) -> new StoredEntries(system, load, output::step).measure(stored))
                : List.of(),
            parts.contains(Part.TRANSFERS) ? levels(folder.resolve("system")) : List.of(),
            parts.contains(Part.SOAK) ? soak(folder.resolve("soak")) : List.of());
    report.to(output);
    return report.failed() == 0 ? 0 : OdapMain.EXIT_FAILED;
  }

  private static void require(String option, Object value, boolean holds, String expected) {
    if (!holds) {
      throw new CliException("%s: value: %s (expected: %s)".formatted(option, value, expected));
    }
  }

  private List<LogRate> rates(LogRates log) throws InterruptedException {
    List<LogRate> rates = new ArrayList<>();
    LogRate puts = log.puts();
    rates.add(puts);
    for (int count : nodes) {
      rates.add(log.log(count).of(puts));
    }
    return rates;
  }

  /** What is done with a warm system. */
  private interface Work<R> {
    R with(RunningSystem system, Load load) throws InterruptedException;
  }

  private <R> R warm(Path folder, int accounts, Work<R> work) throws InterruptedException {
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            true,
            List.of("-XX:+UseSerialGC", "-Xmx" + heap),
            0,
            PATIENT);
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), output::step);
        Load load = new Load(system, Cargo.FUNGIBLE)) {
      load.endow(Math.max(accounts, WARM_UP_IN_FLIGHT));
      output.step("warming up, at most " + WARM_UP_MAX.toSeconds() + " s");
      double _ =
          WarmUp.untilStable(
              WARM_UP_MAX, () -> load.run(WARM_UP_IN_FLIGHT, WARM_UP_ROUND).transfersPerSecond());
      return work.with(system, load);
    }
  }

  private List<Level> levels(Path folder) throws InterruptedException {
    int accounts = inFlight.stream().mapToInt(n -> n).max().orElse(1);
    return warm(
        folder,
        accounts,
        (system, load) -> {
          List<Level> levels = new ArrayList<>();
          for (int n : inFlight) {
            output.step("measuring " + n + " in flight");
            levels.add(load.run(n, Math.max(TRANSFERS_MIN, TRANSFERS_EACH * n)));
          }
          return levels;
        });
  }

  private List<SoakMinute> soak(Path folder) throws InterruptedException {
    return warm(
        folder, Soak.IN_FLIGHT, (system, load) -> new Soak(system, load, output::step).run(soak));
  }
}
