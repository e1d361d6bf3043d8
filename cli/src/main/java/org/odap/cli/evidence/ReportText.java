package org.odap.cli.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import org.odap.core.evidence.Check;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.StoryLine;
import org.odap.core.evidence.Finding;

/** A verdict on evidence, for a person or a program. */
public final class ReportText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportText() {}

  /** One line a check, each finding under it, then what came of the transfer. */
  public static List<String> checks(EvidenceReport report, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    for (Check check : report.checks()) {
      String mark =
          check.holds() ? terminal.paint(Ink.GOOD, "  ok  ") : terminal.paint(Ink.BAD, "  NOT ");
      lines.add(mark + check.statement());
      check.findings().forEach(found -> lines.add("        " + found.text()));
    }
    lines.add("");
    lines.add(
        terminal.paint(Ink.STRONG, report.outcome().end().name()) + ": " + report.outcome().text());
    lines.add(verdict(report, terminal));
    return lines;
  }

  /** The verdict in one line. */
  public static String verdict(EvidenceReport report, Terminal terminal) {
    int findings = report.findings().size();
    return report.holds()
        ? terminal.paint(Ink.GOOD, "The evidence holds: " + report.checks().size() + " checks.")
        : terminal.paint(Ink.BAD, "The evidence does not hold: " + findings + " findings.");
  }

  /** What happened, an act a line. */
  public static List<String> story(EvidenceReport report) {
    return report.story().stream().map(ReportText::line).toList();
  }

  private static String line(StoryLine line) {
    return "  %s  %-9s  %s.%-2d  %s"
        .formatted(
            Instant.ofEpochMilli(line.act().recordedAt()),
            line.role(),
            line.act().phase(),
            line.act().step(),
            line.act().text());
  }

  /** The whole report as one line of JSON. */
  public static String json(EvidenceReport report) {
    ObjectNode json = JSON.createObjectNode();
    json.put("transfer_id", report.transferId());
    json.put("holds", report.holds());
    json.put("outcome", report.outcome().end().name().toLowerCase(Locale.ROOT));
    json.put("outcome_text", report.outcome().text());
    ArrayNode checks = json.putArray("checks");
    for (Check check : report.checks()) {
      ObjectNode one = checks.addObject().put("statement", check.statement());
      one.put("holds", check.holds());
      ArrayNode findings = one.putArray("findings");
      for (Finding finding : check.findings()) {
        findings
            .addObject()
            .put("log", finding.log())
            .put("entry", finding.index())
            .put("what", finding.what());
      }
    }
    ArrayNode story = json.putArray("story");
    for (StoryLine line : report.story()) {
      story
          .addObject()
          .put("role", line.role())
          .put("entry", line.act().index())
          .put("phase", line.act().phase())
          .put("recorded_at", line.act().recordedAt())
          .put("text", line.act().text());
    }
    return json.toString();
  }
}
