package org.odap.cli.progress;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.Trouble;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.log.v1.LogEntry;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import org.odap.core.evidence.Act;
import org.odap.core.evidence.Deed;

/**
 * One transfer as a board: a row for each message and ledger step, ticked off as the gateways' log
 * entries come in. Fed by one or both gateways; entries may come in any order between them.
 */
public final class ProgressBoard {
  private static final String[] PHASES = {"Initiation", "Lock evidence", "Commitment"};
  private static final int LABEL_WIDTH = 24;

  private final Map<Milestone, Reached> reached = new EnumMap<>(Milestone.class);
  private final List<String> incidents = new ArrayList<>();
  private final Map<String, Trouble> troubles = new TreeMap<>();
  private Transfer transfer;
  private long startedAt = Long.MAX_VALUE;

  /** Whether a milestone is under way or done, when, and what there is to say of it. */
  private record Reached(boolean done, long at, String detail) {}

  /** A board for a transfer of which nothing has happened yet. */
  public ProgressBoard(Transfer transfer) {
    this.transfer = transfer;
  }

  /** Takes in how the transfer stands and an entry of either gateway's log. */
  public void take(Transfer standing, LogEntry entry) {
    if (ended(standing) || !ended(transfer)) {
      transfer = standing;
    }
    Act act = Act.of(entry);
    startedAt = Math.min(startedAt, act.recordedAt());
    switch (act.deed()) {
      case Deed.Said(String name) ->
          Milestone.message(name)
              .ifPresentOrElse(
                  milestone -> reach(milestone, true, act, ""),
                  () -> incidents.add(name + " " + act.gateways()));
      case Deed.StepPlanned(var step) ->
          Milestone.step(step)
              .ifPresentOrElse(
                  milestone -> reach(milestone, false, act, ""), () -> incidents.add(act.text()));
      case Deed.StepFinished(LedgerClaim claim) ->
          Milestone.step(claim.getStep())
              .ifPresentOrElse(
                  milestone -> reach(milestone, true, act, where(claim)),
                  () -> incidents.add(act.text()));
      case Deed.Failed ignored -> {
        if (!act.isEndOfRollback()) {
          incidents.add(act.text());
        }
      }
      case Deed.Accepted ignored -> {}
      case Deed.Ordered ignored -> {}
      case Deed.Other() -> {}
    }
  }

  /** Takes in what a side tries without success, or that it does no longer. */
  void trouble(String role, Transfer standing) {
    if (standing.hasTrouble()) {
      troubles.put(role, standing.getTrouble());
    } else {
      troubles.remove(role);
    }
  }

  /** Takes in how the transfer ended. */
  void end(Transfer last) {
    transfer = last;
    troubles.clear();
  }

  /** The first word on a milestone counts: the other gateway's log repeats messages. */
  private void reach(Milestone milestone, boolean done, Act act, String detail) {
    Reached before = reached.get(milestone);
    if (before == null || !before.done()) {
      reached.put(milestone, new Reached(done, act.recordedAt(), detail));
    }
  }

  private static String where(LedgerClaim claim) {
    return claim.getDltSystem()
        + " tx "
        + shortened(claim.getTransactionId())
        + " block "
        + claim.getBlockNumber();
  }

  /** Long hashes by their ends, as people compare them. */
  public static String shortened(String text) {
    return text.length() <= 18
        ? text
        : text.substring(0, 8) + ".." + text.substring(text.length() - 6);
  }

  /** Milliseconds from the first entry taken in to an act, by the clocks of who logged them. */
  long sinceStart(Act act) {
    return act.recordedAt() - startedAt;
  }

  /** The transfer as last heard of. */
  public Transfer transfer() {
    return transfer;
  }

  /** Whether a transfer has come to an end, whichever. */
  public static boolean ended(Transfer transfer) {
    return switch (transfer.getOutcome()) {
      case TRANSFER_OUTCOME_COMPLETED,
          TRANSFER_OUTCOME_REFUSED,
          TRANSFER_OUTCOME_ROLLED_BACK,
          TRANSFER_OUTCOME_RESOLVED ->
          true;
      case TRANSFER_OUTCOME_RUNNING, TRANSFER_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /** The whole board as lines no longer than the terminal is wide. */
  public List<String> lines(Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(terminal.paint(Ink.STRONG, fit(terminal, heading())));
    for (int phase = 1; phase <= PHASES.length; phase++) {
      addPhase(terminal, phase, lines);
    }
    incidents.forEach(
        incident -> lines.add(terminal.paint(Ink.BAD, fit(terminal, "  ! " + incident))));
    troubles.forEach((role, trouble) ->
        lines.add(
            terminal.paint(
                Ink.ACTIVE, fit(terminal, "  … " + role + ": " + troubleText(trouble)))));
    lines.add(ending(terminal));
    return lines;
  }

  private void addPhase(Terminal terminal, int phase, List<String> lines) {
    lines.add(terminal.paint(Ink.STRONG, "  Phase " + phase + "  " + PHASES[phase - 1]));
    for (Milestone milestone : Milestone.values()) {
      boolean shown = !milestone.optional() || reached.containsKey(milestone);
      if (milestone.phase() == phase && shown) {
        lines.add(row(terminal, milestone));
      }
    }
  }

  private String row(Terminal terminal, Milestone milestone) {
    Optional<Reached> state = Optional.ofNullable(reached.get(milestone));
    boolean done = state.filter(Reached::done).isPresent();
    Ink ink = done ? Ink.GOOD : state.isPresent() ? Ink.ACTIVE : Ink.FAINT;
    String mark = done ? "✔" : state.isPresent() ? "▸" : "·";
    String kind = milestone.onLedger() ? "ledger " : "message";
    String label = milestone.label() + (milestone.commitPoint() ? " *" : "");
    String rest =
        state
            .map(at -> "%7.3f s  %s".formatted((at.at() - startedAt) / 1000.0, at.detail()))
            .orElse("");
    String text =
        "%-3s  %s  %s  %s".formatted(milestone.number(), kind, padded(label), rest).stripTrailing();
    return "    "
        + terminal.paint(ink, mark)
        + "  "
        + (state.isPresent()
            ? fitRow(terminal, text)
            : terminal.paint(Ink.FAINT, fitRow(terminal, text)));
  }

  private static String padded(String label) {
    return label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length()));
  }

  private static String fitRow(Terminal terminal, String text) {
    return cut(text, terminal.width() - 8);
  }

  private static String fit(Terminal terminal, String text) {
    return cut(text, terminal.width() - 1);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, Math.max(0, length));
  }

  /** What moves where, e.g. "no. 7 ethereum-1 -> sql-1 (transfer 3f..)". */
  public String heading() {
    return Act.assetText(transfer.getAsset().toBuilder().clearAssetClass().build())
        + " of "
        + transfer.getAssetProfileId()
        + "  "
        + transfer.getSenderDltSystem()
        + " -> "
        + transfer.getRecipientDltSystem()
        + "  transfer "
        + transfer.getTransferId();
  }

  private String ending(Terminal terminal) {
    if (!ended(transfer)) {
      String waiting = transfer.getAwaitsDecision() ? ", waits for an approver" : "";
      return terminal.paint(Ink.ACTIVE, fit(terminal, "  " + transfer.getState() + waiting));
    }
    boolean completed = transfer.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED;
    return terminal.paint(
        completed ? Ink.GOOD : Ink.BAD, fit(terminal, "  " + outcomeText(transfer)));
  }

  /** How a transfer ended, with the reason where there is one. */
  public static String outcomeText(Transfer transfer) {
    String name = transfer.getOutcome().name().replace("TRANSFER_OUTCOME_", "");
    String why =
        transfer.getDescription().isEmpty()
            ? ""
            : ": " + reasonText(transfer.getReason()) + ", " + transfer.getDescription();
    return name + why;
  }

  /** What is tried without success, e.g. "create on sql-1: UNAVAILABLE, 7 attempts since ..". */
  public static String troubleText(Trouble trouble) {
    return "%s: %s, %d %s since %s (%s)"
        .formatted(
            trouble.getEffect(),
            reasonText(trouble.getReason()),
            trouble.getAttempts(),
            trouble.getAttempts() == 1 ? "attempt" : "attempts",
            Instant.ofEpochMilli(trouble.getSince()).truncatedTo(ChronoUnit.SECONDS),
            trouble.getDescription());
  }

  /** A reason without the prefix that all have. */
  public static String reasonText(ErrorReason reason) {
    return reason.name().replace("ERROR_REASON_", "");
  }
}
