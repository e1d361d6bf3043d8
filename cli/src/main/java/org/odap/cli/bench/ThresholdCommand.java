package org.odap.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.Installation;
import org.odap.cli.system.Usage;
import org.odap.cli.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Figure 4 of the InterTrust paper, with this suite's threshold signatures. */
@Command(
    name = "threshold",
    description = {
      "Measures rounds of threshold signatures (InterTrust paper, figure 4): the request is given",
      "to n participants, each signs, the answers are combined, verified, and where some are wrong",
      "checked one by one. The way there and the way back are reckoned with --delay each; the",
      "participants sign at the same time, as if each had a core of its own, so that one",
      "signature's time counts. Combining is measured, on all cores of this machine."
    })
final class ThresholdCommand implements Callable<Integer> {
  private static final Map<String, Double> RATIOS = ratios();
  private static final Duration WARM_UP_MAX = Duration.ofSeconds(20);

  @Option(
      names = "--participants",
      paramLabel = "N",
      split = ",",
      description = "How many participants; 64,100,200,400,600,800 by default.")
  private int[] participants = {64, 100, 200, 400, 600, 800};

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds of each kind; 100 by default.")
  private int rounds = 100;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "A message's way, such as PT0.01S, the default.")
  private Duration delay = Duration.ofMillis(10);

  @Option(names = "--plot", paramLabel = "FILE", description = "Draws the figure, as PNG.")
  private Optional<Path> plot = Optional.empty();

  @Option(
      names = "--quotes",
      paramLabel = "N",
      description = {
        "TPM quotes of each kind to measure besides, with a TPM in software; 1000 by default, none",
        "with 0."
      })
  private int quotes = 1_000;

  @Mixin private OutputOptions output;

  private static Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (int part : new int[] {6, 5, 4, 3}) {
      ratios.put("1/" + part, 1.0 / part);
    }
    return ratios;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (rounds < 1 || quotes < 0 || Arrays.stream(participants).anyMatch(n -> n < 4 || n > 1_024)) {
      throw new CliException(
          "--rounds: 1 or more; --quotes: 0 or more; --participants: each from 4 to 1024");
    }
    List<ThresholdRow> rows = new ArrayList<>();
    output.step("warming up");
    warmUp();
    for (String ratio : RATIOS.keySet()) {
      for (int n : participants) {
        output.step("measuring n = " + n + ", f/n = " + ratio);
        rows.add(measure(ratio, n));
      }
    }
    report(rows, quotes());
    plot.ifPresent(file -> ThresholdPlot.draw(rows, file));
    return 0;
  }

  private Optional<JsonNode> quotes() throws InterruptedException {
    if (quotes == 0) {
      return Optional.empty();
    }
    output.step("measuring quotes");
    return Optional.of(QuoteRates.measure(Installation.here(), quotes));
  }

  private void warmUp() throws InterruptedException {
    ThresholdGroup group = new ThresholdGroup(Math.min(200, participants[0] * 2), 1.0 / 3, 1);
    double _ =
        WarmUp.untilStable(
            WARM_UP_MAX,
            () -> {
              long start = System.nanoTime();
              double spent = 0;
              for (int round = 0; round < 10; round++) {
                spent += group.combineMillis(group.answers(round, round % 2 == 0));
              }
              return spent > 0 ? 1e9 / (System.nanoTime() - start) : 0;
            });
  }

  private ThresholdRow measure(String ratio, int n) {
    long before = resident();
    ThresholdGroup group = new ThresholdGroup(n, RATIOS.get(ratio), n);
    long megabytes = Math.max(0, resident() - before);
    double[] honest = new double[rounds];
    double[] liars = new double[rounds];
    double[] signing = new double[rounds];
    double[] combining = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      ThresholdGroup.Answers right = group.answers(round, false);
      signing[round] = right.signMillis();
      combining[round] = group.combineMillis(right);
      honest[round] = wayMillis() + right.signMillis() + combining[round];
      ThresholdGroup.Answers wrong = group.answers(round, true);
      liars[round] = wayMillis() + wrong.signMillis() + group.combineMillis(wrong);
    }
    return new ThresholdRow(
        ratio,
        n,
        group.threshold(),
        middle(honest),
        middle(liars),
        middle(signing),
        middle(combining),
        group.messageBytes(),
        megabytes);
  }

  /** There and back. */
  private double wayMillis() {
    return 2 * delay.toNanos() / 1e6;
  }

  private static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long resident() {
    return Usage.of(ProcessHandle.current()).residentBytes() / 1_000_000;
  }

  private void report(List<ThresholdRow> rows, Optional<JsonNode> quoteRates) {
    if (output.json()) {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.set("rounds", new ObjectMapper().valueToTree(rows));
      quoteRates.ifPresent(rates -> json.set("quotes", rates));
      output.terminal().line(json.toString());
      return;
    }
    TextTable table =
        new TextTable(
            "f/n",
            "n",
            "k",
            "honest ms",
            "liars ms",
            "paper ms",
            "sign ms",
            "combine ms",
            "kB",
            "MB");
    for (ThresholdRow row : rows) {
      table.row(
          row.ratio(),
          row.participants(),
          row.threshold(),
          number(row.honestMillis()),
          number(row.liarsMillis()),
          row.paperMillis().map(String::valueOf).orElse("-"),
          number(row.signMillis()),
          number(row.combineMillis()),
          row.messageBytes() / 1_000,
          row.residentMegabytes());
    }
    table.lines().forEach(output.terminal()::line);
    output
        .terminal()
        .line(
            "p50 of "
                + rounds
                + " rounds, "
                + number(wayMillis())
                + " ms of each on the way; kB: all messages of a round; MB: the group's keys.");
    quoteRates.ifPresent(rates -> QuoteRates.lines(rates).forEach(output.terminal()::line));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}
