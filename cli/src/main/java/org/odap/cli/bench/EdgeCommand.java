package org.odap.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** Measures the JSON edge beside gRPC. */
@Command(
    name = "edge",
    description = {
      "Measures a gateway's JSON edge beside gRPC, in turns in the same run: how a transfer stands",
      "(one call), and whole transfers (order, watch to the end, how it stands). Both ways go over",
      "mutual TLS 1.3 with kept connections; two gateways, logs and SQL ledgers run as processes."
    })
final class EdgeCommand implements Callable<Integer> {
  private static final int ROUNDS = 3;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "How many calls or transfers at a time; 8 by default.")
  private int inFlight = 8;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each of three rounds of status calls lasts, each way; 10 by default.")
  private int seconds = 10;

  @Option(
      names = "--transfers",
      paramLabel = "N",
      description = "Transfers of each of three rounds, each way; 300 by default.")
  private int transfers = 300;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Seconds of status calls, and as many transfers as of a round, before; 15.")
  private int warmUpSeconds = 15;

  @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each service; 384m.")
  private String heap = "384m";

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    if (inFlight < 1 || seconds < 1 || transfers < 1 || warmUpSeconds < 0) {
      throw new CliException("--in-flight, --seconds, --transfers: expected: 1 or more");
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
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), output::step);
        EdgeLoad load = new EdgeLoad(system, inFlight)) {
      output.step("warming up");
      for (EdgeLoad.Way way : EdgeLoad.Way.values()) {
        load.transfers(way, transfers);
        load.status(way, Duration.ofSeconds(warmUpSeconds));
      }
      Map<String, List<EdgeLoad.Result>> results = new LinkedHashMap<>();
      for (int round = 1; round <= ROUNDS; round++) {
        output.step("measuring, round " + round + " of " + ROUNDS);
        for (EdgeLoad.Way way : EdgeLoad.Way.values()) {
          add(results, "status", way, load.status(way, Duration.ofSeconds(seconds)));
        }
        for (EdgeLoad.Way way : EdgeLoad.Way.values()) {
          add(results, "transfer", way, load.transfers(way, transfers));
        }
      }
      report(results);
      boolean isComplete =
          results.values().stream().flatMap(List::stream).allMatch(result -> result.failed() == 0);
      return isComplete ? 0 : OdapMain.EXIT_FAILED;
    }
  }

  private static void add(
      Map<String, List<EdgeLoad.Result>> results,
      String what,
      EdgeLoad.Way way,
      EdgeLoad.Result result) {
    results.computeIfAbsent(what + " over " + way.label(), _ -> new ArrayList<>()).add(result);
  }

  /** The middle one of each way's rounds counts. */
  private void report(Map<String, List<EdgeLoad.Result>> results) {
    List<String> members = new ArrayList<>();
    results.forEach((name, rounds) -> {
      EdgeLoad.Result middle =
          rounds.stream()
              .sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond()))
              .toList()
              .get(rounds.size() / 2);
      if (output.json()) {
        members.add(
            String.format(
                Locale.ROOT,
                "\"%s\":{\"perSecond\":%.1f,\"p50Millis\":%.3f,\"failed\":%d}",
                name,
                middle.perSecond(),
                middle.p50Millis(),
                middle.failed()));
      } else {
        output
            .terminal()
            .line(
                String.format(
                    Locale.ROOT,
                    "%-20s %8.0f /s   p50 %7.2f ms   failed %d",
                    name,
                    middle.perSecond(),
                    middle.p50Millis(),
                    middle.failed()));
      }
    });
    if (output.json()) {
      output.terminal().line("{" + String.join(",", members) + "}");
    }
  }
}
