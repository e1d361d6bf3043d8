package org.odap.cli.crash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.system.TemporaryFolder;
import org.odap.cli.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how long transfers take to end after their gateway was killed. */
@Command(
    name = "recovery",
    description = {
      "Measures recovery: a transfer is held at each log point of a gateway, the gateway is",
      "killed -9 and started again, or its backup takes over; then one is killed that has many",
      "unfinished transfers."
    })
public final class RecoveryCommand implements Callable<Integer> {
  private static final double MILLIS_PER_SECOND = 1_000;

  /** 10,000 transfers that wait take a gateway some 300 MB. */
  private static final List<String> ROOMY = SystemPlan.small("1g");

  /** Orders take minutes here: none may be given up meanwhile, nor refused for want of heap. */
  private static final Map<String, Object> PATIENT =
      Map.of("timing", Map.of("patience", "1h"), "in-flight-max", 1_000_000);

  @Option(names = "--rounds", paramLabel = "N", description = "Kills of each gateway; 5.")
  private int rounds = 5;

  @Option(
      names = "--unfinished",
      paramLabel = "N",
      description = "Transfers unfinished at the last kill; 10000 by default, 0 for none.")
  private int unfinished = 10_000;

  @Option(
      names = "--time-out",
      paramLabel = "DURATION",
      description = "T, after which a backup takes over; PT3S by default.")
  private Duration timeOut = Duration.ofSeconds(3);

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    List<String> lines = new ArrayList<>();
    boolean held;
    try (Subject subject = started(0, PATIENT)) {
      Map<String, List<CrashedPoint>> healed = kills(subject, true);
      held = holds(healed);
      lines.add("self-healing: killed and started again; ready = it serves again");
      lines.addAll(table(healed, "ready to resumed"));
      json.set("self_healing", json(healed));
      if (unfinished > 0) {
        UnfinishedRestart.Result restart =
            new UnfinishedRestart(subject).run(unfinished, output::step);
        json.put("unfinished", restart.transfers());
        json.put("unfinished_ready_to_running_millis", restart.readyToRunningMillis());
        json.put("unfinished_kill_to_ready_millis", restart.killToReadyMillis());
        lines.add(
            "%d unfinished transfers: the gateway serves %.1f s after its start, all run %.1f s later"
                .formatted(
                    restart.transfers(),
                    restart.killToReadyMillis() / MILLIS_PER_SECOND,
                    restart.readyToRunningMillis() / MILLIS_PER_SECOND));
      }
    }
    try (Subject subject = started(1, Subject.withLease(timeOut))) {
      Map<String, List<CrashedPoint>> taken = kills(subject, false);
      held &= holds(taken);
      lines.add("primary-backup: killed and left dead, T = " + timeOut.toSeconds() + " s");
      lines.addAll(table(taken, "kill to taken over"));
      json.put("time_out_millis", timeOut.toMillis());
      json.set("primary_backup", json(taken));
    }
    if (output.json()) {
      output.terminal().line(json.toString());
    } else {
      lines.forEach(output.terminal()::line);
    }
    return held ? 0 : OdapMain.EXIT_FAILED;
  }

  private Subject started(int backups, Map<String, Object> settings) throws InterruptedException {
    return Subject.start(
        TemporaryFolder.make("recovery"),
        LedgerKind.SQL,
        LedgerKind.SQL,
        ROOMY,
        backups,
        1,
        settings,
        output::step);
  }

  private Map<String, List<CrashedPoint>> kills(Subject subject, boolean restart)
      throws InterruptedException {
    Map<String, List<CrashedPoint>> byPoint = new LinkedHashMap<>();
    CrashRounds kills = new CrashRounds(subject, restart);
    List<CrashPoint> points = kills.points(false);
    for (int round = 1; round <= rounds; round++) {
      for (String victim : Subject.GATEWAYS) {
        boolean senders = victim.equals("gateway-alpha");
        List<CrashPoint> own =
            points.stream().filter(point -> point.ofSender() == senders).toList();
        for (CrashedPoint crashed : kills.kill(victim, own, false)) {
          byPoint.computeIfAbsent(crashed.point().text(), any -> new ArrayList<>()).add(crashed);
        }
        output.step("round " + round + " of " + rounds + ": done without " + victim);
      }
    }
    return byPoint;
  }

  private static boolean holds(Map<String, List<CrashedPoint>> byPoint) {
    return byPoint.values().stream().flatMap(List::stream).allMatch(CrashedPoint::holds);
  }

  private static ArrayNode json(Map<String, List<CrashedPoint>> byPoint) {
    return CrashReport.points(byPoint.values().stream().flatMap(List::stream).toList());
  }

  private static List<String> table(Map<String, List<CrashedPoint>> byPoint, String resumed) {
    TextTable table =
        new TextTable("held at", "kills", resumed + " p50 ms", "p99", "kill to end p50 ms", "p99");
    byPoint.forEach((point, crashed) -> row(table, point, crashed));
    row(table, "all", byPoint.values().stream().flatMap(List::stream).toList());
    return table.lines();
  }

  private static void row(TextTable table, String name, List<CrashedPoint> crashed) {
    long[] resumed =
        crashed.stream().flatMapToLong(point -> point.resumedMillis().stream()).toArray();
    long[] ended = crashed.stream().mapToLong(CrashedPoint::killToEndMillis).toArray();
    table.row(
        name,
        crashed.size(),
        percentile(resumed, 0.50),
        percentile(resumed, 0.99),
        percentile(ended, 0.50),
        percentile(ended, 0.99));
  }

  /** A dash for a point after which nobody had to take anything up. */
  private static String percentile(long[] millis, double share) {
    long[] sorted = LongStream.of(millis).sorted().toArray();
    return sorted.length == 0
        ? "-"
        : Long.toString(sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)]);
  }
}
