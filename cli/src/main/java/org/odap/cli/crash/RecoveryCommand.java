package org.odap.cli.crash;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how long transfers take to end after their gateway was killed. */
@Command(
    name = "recovery",
    description = {
      "Measures self-healing: a transfer is held at each log point of a gateway, the gateway is",
      "killed -9 and started again; then one is killed that has many unfinished transfers."
    })
public final class RecoveryCommand implements Callable<Integer> {
  private static final double MILLIS_PER_SECOND = 1_000;

  /** Orders take minutes here: none may be given up meanwhile. */
  private static final Map<String, Object> PATIENT = Map.of("timing", Map.of("patience", "1h"));

  @Option(names = "--rounds", paramLabel = "N", description = "Kills of each gateway; 5.")
  private int rounds = 5;

  @Option(
      names = "--unfinished",
      paramLabel = "N",
      description = "Transfers unfinished at the last kill; 10000 by default, 0 for none.")
  private int unfinished = 10_000;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, List<CrashedPoint>> byPoint = new LinkedHashMap<>();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    List<String> lines = new ArrayList<>();
    try (Subject subject = Subject.start(folder(), PATIENT, this::say)) {
      CrashRounds kills = new CrashRounds(subject);
      List<CrashPoint> points = kills.points(false);
      for (int round = 1; round <= rounds; round++) {
        for (String victim : List.of("gateway-alpha", "gateway-beta")) {
          boolean senders = victim.equals("gateway-alpha");
          List<CrashPoint> own =
              points.stream().filter(point -> point.ofSender() == senders).toList();
          for (CrashedPoint crashed : kills.kill(victim, own, false)) {
            byPoint.computeIfAbsent(crashed.point().text(), any -> new ArrayList<>()).add(crashed);
          }
          say("round " + round + " of " + rounds + ": " + victim + " has recovered");
        }
      }
      lines.addAll(table(byPoint));
      if (unfinished > 0) {
        UnfinishedRestart.Result restart =
            new UnfinishedRestart(subject).run(unfinished, this::say);
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
    if (output.json()) {
      json.set("points", JsonNodeFactory.instance.pojoNode(table(byPoint)));
      output.terminal().line(json.toString());
    } else {
      lines.forEach(output.terminal()::line);
    }
    boolean held = byPoint.values().stream().flatMap(List::stream).allMatch(CrashedPoint::holds);
    return held ? 0 : OdapMain.EXIT_FAILED;
  }

  private static List<String> table(Map<String, List<CrashedPoint>> byPoint) {
    TextTable table =
        new TextTable(
            "held at", "kills", "kill to end p50 ms", "p99", "ready to end p50 ms", "p99");
    byPoint.forEach((point, crashed) -> row(table, point, crashed));
    row(table, "all", byPoint.values().stream().flatMap(List::stream).toList());
    return table.lines();
  }

  private static void row(TextTable table, String name, List<CrashedPoint> crashed) {
    table.row(
        name,
        crashed.size(),
        percentile(crashed, CrashedPoint::killToEndMillis, 0.50),
        percentile(crashed, CrashedPoint::killToEndMillis, 0.99),
        percentile(crashed, CrashedPoint::readyToEndMillis, 0.50),
        percentile(crashed, CrashedPoint::readyToEndMillis, 0.99));
  }

  private static long percentile(
      List<CrashedPoint> crashed, ToLongFunction<CrashedPoint> millis, double share) {
    long[] sorted = crashed.stream().mapToLong(millis).sorted().toArray();
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private void say(String what) {
    if (!output.json()) {
      output.terminal().line(output.terminal().paint(Ink.FAINT, what));
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("odap-recovery-");
    } catch (IOException e) {
      throw new CliException("no temporary folder: " + e.getMessage(), e);
    }
  }
}
