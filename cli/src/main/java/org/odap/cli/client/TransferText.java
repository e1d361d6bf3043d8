package org.odap.cli.client;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.odap.api.client.v1.Transfer;
import org.odap.cli.OutputOptions;
import org.odap.cli.progress.ProgressBoard;
import org.odap.cli.terminal.TextTable;
import org.odap.core.evidence.Act;

/** How a transfer stands, for a person. */
final class TransferText {
  private TransferText() {}

  static void print(Transfer transfer, OutputOptions output) {
    if (output.json()) {
      output.print(transfer);
    } else {
      details(transfer).forEach(output.terminal()::line);
    }
  }

  static List<String> details(Transfer transfer) {
    TextTable table = new TextTable("transfer", transfer.getTransferId());
    table.row("role", role(transfer));
    table.row("peer", transfer.getPeer());
    table.row("asset", Act.assetText(transfer.getAsset()) + ", " + transfer.getAssetProfileId());
    table.row("from", transfer.getOrigin() + " on " + transfer.getSenderDltSystem());
    table.row("to", transfer.getDestination() + " on " + transfer.getRecipientDltSystem());
    table.row("phase", transfer.getPhase().name().replace("ODAP_PHASE_", ""));
    table.row("state", transfer.getState() + waiting(transfer));
    if (transfer.getApprovalsNeeded() > 0) {
      table.row("approved by", approvals(transfer));
    }
    if (transfer.hasTrouble()) {
      table.row("trouble", ProgressBoard.troubleText(transfer.getTrouble()));
    }
    table.row("outcome", ProgressBoard.outcomeText(transfer));
    table.row("lock expires", instant(transfer.getExpiryTime()));
    table.row("started", instant(transfer.getStartedAt()));
    table.row("last entry", transfer.getLogLength() + ", " + instant(transfer.getUpdatedAt()));
    return table.lines();
  }

  static List<String> list(List<Transfer> transfers) {
    if (transfers.isEmpty()) {
      return List.of("no transfers");
    }
    TextTable table =
        new TextTable("transfer", "role", "asset", "from", "to", "state", "outcome", "started");
    for (Transfer transfer : transfers) {
      table.row(
          transfer.getTransferId(),
          role(transfer),
          Act.assetText(transfer.getAsset().toBuilder().clearAssetClass().build()),
          transfer.getSenderDltSystem(),
          transfer.getRecipientDltSystem(),
          transfer.getState() + waiting(transfer),
          transfer.getOutcome().name().replace("TRANSFER_OUTCOME_", ""),
          instant(transfer.getStartedAt()));
    }
    return new ArrayList<>(table.lines());
  }

  private static String approvals(Transfer transfer) {
    String given =
        transfer.getApprovalsList().stream()
            .map(one -> one.getApprover() + " at " + instant(one.getApprovedAt()))
            .collect(Collectors.joining(", "));
    return transfer.getApprovalsCount()
        + " of "
        + transfer.getApprovalsNeeded()
        + (given.isEmpty() ? "" : ": " + given);
  }

  private static String role(Transfer transfer) {
    return transfer.getRole().name().replace("GATEWAY_ROLE_", "").toLowerCase(Locale.ROOT);
  }

  private static String waiting(Transfer transfer) {
    if (transfer.getDisputed()) {
      return " (logs disagree: compare both sides' evidence, then odap resolve)";
    }
    if (transfer.getAwaitsDecision()) {
      return " (waits for: odap approve or decline)";
    }
    return transfer.hasTrouble()
        ? " (" + ProgressBoard.reasonText(transfer.getTrouble().getReason()) + ")"
        : "";
  }

  private static String instant(long millis) {
    return millis == 0 ? "-" : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS) + "";
  }
}
