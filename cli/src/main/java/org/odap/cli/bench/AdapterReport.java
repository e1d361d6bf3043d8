package org.odap.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.odap.cli.terminal.TextTable;
import org.odap.runtime.measurement.MeasuredLoad;

/** What a bench of adapters measured, for a person or a program. */
final class AdapterReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PERCENT = 100;

  private AdapterReport() {}

  static List<String> lines(List<LedgerRates> ledgers) {
    List<String> lines = new ArrayList<>(rates(ledgers));
    lines.add("");
    lines.addAll(steps(ledgers));
    lines.add("");
    lines.add(
        "ratios to the mean of the plain client's two runs (aimed at: %d %% or more):"
            .formatted(Math.round(LedgerRates.RATIO_MIN * PERCENT)));
    ledgers.forEach(ledger -> lines.add("  " + ratios(ledger)));
    lines.addAll(failures(ledgers));
    return lines;
  }

  private static List<String> rates(List<LedgerRates> ledgers) {
    TextTable table =
        new TextTable(
            "ledger", "steps by", "steps", "failed", "/s", "p50 ms", "p99 ms", "% of plain");
    for (LedgerRates ledger : ledgers) {
      Iterator<String> names = names(ledger).iterator();
      for (MeasuredLoad load : ledger.loads()) {
        table.row(
            ledger.ledger().label(),
            names.next(),
            load.steps(),
            load.failed(),
            number(load.stepsPerSecond()),
            number(load.p50Millis()),
            number(load.p99Millis()),
            percent(ledger.ratio(load)));
      }
    }
    return table.lines();
  }

  private static List<String> steps(List<LedgerRates> ledgers) {
    List<String> heads = new ArrayList<>(List.of("p50 ms", "steps by"));
    heads.addAll(ledgers.getFirst().before().p50MillisByStep().keySet());
    TextTable table = new TextTable(heads.toArray(String[]::new));
    for (LedgerRates ledger : ledgers) {
      Iterator<String> names = names(ledger).iterator();
      for (MeasuredLoad load : ledger.loads()) {
        List<Object> cells = new ArrayList<>(List.of(ledger.ledger().label(), names.next()));
        load.p50MillisByStep().values().forEach(millis -> cells.add(number(millis)));
        table.row(cells.toArray());
      }
    }
    return table.lines();
  }

  private static List<String> names(LedgerRates ledger) {
    List<String> names = new ArrayList<>(List.of("plain client"));
    ledger.adapters().forEach(one -> names.add("adapter x " + one.replicas()));
    names.add("plain client again");
    return names;
  }

  private static String ratios(LedgerRates ledger) {
    List<String> ratios = new ArrayList<>();
    for (LedgerRates.Replicated one : ledger.adapters()) {
      double ratio = ledger.ratio(one.load());
      ratios.add(
          "%d x %s %%%s"
              .formatted(
                  one.replicas(),
                  percent(ratio),
                  ratio < LedgerRates.RATIO_MIN ? " (missed)" : ""));
    }
    return ledger.ledger().label() + ": " + String.join(", ", ratios);
  }

  private static List<String> failures(List<LedgerRates> ledgers) {
    List<String> lines = new ArrayList<>();
    for (LedgerRates ledger : ledgers) {
      Iterator<String> names = names(ledger).iterator();
      for (MeasuredLoad load : ledger.loads()) {
        String name = names.next();
        if (load.failed() > 0) {
          lines.add(
              "%s, %s: the first that failed: %s"
                  .formatted(ledger.ledger().label(), name, load.firstFailure()));
        }
      }
    }
    return lines;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  private static String percent(double ratio) {
    return Long.toString(Math.round(ratio * PERCENT));
  }

  static String json(List<LedgerRates> ledgers, int inFlight) {
    ObjectNode json = JSON.createObjectNode();
    json.put("in_flight", inFlight);
    ArrayNode list = json.putArray("ledgers");
    for (LedgerRates ledger : ledgers) {
      ObjectNode one = list.addObject();
      one.put("ledger", ledger.ledger().label());
      one.set("plain_before", load(ledger, ledger.before()));
      ArrayNode adapters = one.putArray("adapters");
      for (LedgerRates.Replicated replicated : ledger.adapters()) {
        adapters.add(load(ledger, replicated.load()).put("replicas", replicated.replicas()));
      }
      one.set("plain_after", load(ledger, ledger.after()));
    }
    return json.toString();
  }

  private static ObjectNode load(LedgerRates ledger, MeasuredLoad load) {
    ObjectNode json = JSON.valueToTree(load);
    json.put("stepsPerSecond", load.stepsPerSecond());
    json.put("ratioToPlain", ledger.ratio(load));
    return json;
  }
}
