package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceReport.Outcome;

/** What came of the transfer and by whom, read from the ledger steps both logs show (ARCH 5.3). */
final class Outcomes {
  private final List<GatewayRecord> records;
  private final String sender;
  private final String recipient;

  Outcomes(List<GatewayRecord> records) {
    this.records = records;
    this.sender = gateway("sender");
    this.recipient = gateway("recipient");
  }

  private String gateway(String role) {
    GatewayRecord record = records.getFirst();
    return record.role().equals(role)
        ? "the " + role + " " + record.gateway()
        : "the " + role + " " + record.peerGateway();
  }

  Outcome outcome() {
    Optional<LedgerClaim> extinguished = step(LedgerStep.LEDGER_STEP_FINALIZE_LOCK);
    Optional<LedgerClaim> created = step(LedgerStep.LEDGER_STEP_CREATE);
    if (extinguished.isPresent() && created.isPresent()) {
      return completed(extinguished.get(), created.get());
    }
    if (extinguished.isPresent()) {
      return extinguishedOnly(extinguished.get());
    }
    return notExtinguished();
  }

  /** The asset must never be free on both ledgers, nor gone from both for good. */
  Check consistency() {
    List<Finding> findings = new ArrayList<>();
    boolean extinguished = step(LedgerStep.LEDGER_STEP_FINALIZE_LOCK).isPresent();
    boolean created = step(LedgerStep.LEDGER_STEP_CREATE).isPresent();
    boolean bothLogs = records.size() == 2;
    if (created && !extinguished && (bothLogs || !records.getFirst().sender())) {
      findings.add(
          Finding.about("recipient", "it created the asset, which nobody showed extinguished"));
    }
    if (extinguished && step(LedgerStep.LEDGER_STEP_UNLOCK).isPresent()) {
      findings.add(Finding.about("sender", "it both extinguished the asset and gave it back"));
    }
    if (created && step(LedgerStep.LEDGER_STEP_WITHDRAW).isPresent()) {
      findings.add(Finding.about("recipient", "it both created the asset and withdrew it"));
    }
    if (extinguished && !created && step(LedgerStep.LEDGER_STEP_WITHDRAW).isPresent()) {
      findings.add(
          Finding.about("recipient", "it withdrew an asset that was extinguished for its sake"));
    }
    return new Check("The asset was at no time free on both ledgers, nor lost", findings);
  }

  private Outcome completed(LedgerClaim extinguished, LedgerClaim created) {
    return new Outcome(
        consistency().holds() ? End.COMPLETED : End.BROKEN,
        "%s extinguished %s on %s (tx %s, block %d) and %s created it on %s (tx %s, block %d)"
            .formatted(
                sender,
                Act.assetText(extinguished.getAsset()),
                extinguished.getDltSystem(),
                extinguished.getTransactionId(),
                extinguished.getBlockNumber(),
                recipient,
                created.getDltSystem(),
                created.getTransactionId(),
                created.getBlockNumber()));
  }

  private Outcome extinguishedOnly(LedgerClaim extinguished) {
    if (!consistency().holds()) {
      return new Outcome(End.BROKEN, consistency().findings().getFirst().text());
    }
    return new Outcome(
        End.UNFINISHED,
        "%s extinguished %s on %s; %s is bound to create it on its ledger and has not shown that yet"
            .formatted(
                sender,
                Act.assetText(extinguished.getAsset()),
                extinguished.getDltSystem(),
                recipient));
  }

  private Outcome notExtinguished() {
    if (!consistency().holds()) {
      return new Outcome(End.BROKEN, consistency().findings().getFirst().text());
    }
    Optional<String> why = failure();
    boolean locked = step(LedgerStep.LEDGER_STEP_LOCK).isPresent();
    boolean announced = step(LedgerStep.LEDGER_STEP_LOG_INCOMING).isPresent();
    if (why.isPresent() && !said(MessageType.TRANSFER_COMMENCE)) {
      return new Outcome(End.REFUSED, why.get() + "; no ledger was touched");
    }
    if (why.isEmpty()) {
      return new Outcome(End.UNFINISHED, "the logs end at: " + lastActs());
    }
    if (locked && step(LedgerStep.LEDGER_STEP_UNLOCK).isEmpty()) {
      return new Outcome(
          End.UNFINISHED, why.get() + "; " + sender + " has not shown that it gave the asset back");
    }
    if (announced && step(LedgerStep.LEDGER_STEP_WITHDRAW).isEmpty()) {
      return new Outcome(
          End.UNFINISHED,
          why.get() + "; " + recipient + " has not shown that it withdrew its announcement");
    }
    return new Outcome(End.ROLLED_BACK, why.get() + "; both ledgers are as before");
  }

  /** Who gave up first, and why. */
  private Optional<String> failure() {
    return records.stream()
        .flatMap(record ->
            record.acts().stream()
                .filter(act -> act.deed() instanceof Deed.Failed)
                .map(act -> new EvidenceReport.StoryLine(record.role(), act)))
        .min((a, b) -> Long.compare(a.act().recordedAt(), b.act().recordedAt()))
        .map(line -> failureText(line.role(), ((Deed.Failed) line.act().deed()).failure()));
  }

  private String failureText(String role, Failure failure) {
    String who = role.equals("sender") ? sender : recipient;
    String reason = failure.getReason().name().replace("ERROR_REASON_", "");
    String origin = failure.getOrigin().isEmpty() ? "" : " (" + failure.getOrigin() + ")";
    return who + " gave up" + origin + ": " + reason + ", " + failure.getDescription();
  }

  private String lastActs() {
    return records.stream()
        .filter(record -> !record.acts().isEmpty())
        .map(record -> record.role() + ", " + record.acts().getLast().text())
        .reduce((a, b) -> a + "; " + b)
        .orElse("nothing");
  }

  private boolean said(MessageType type) {
    return records.stream().anyMatch(record -> record.last(type).isPresent());
  }

  /** A step by its own log, or by what its gateway told the other. */
  private Optional<LedgerClaim> step(LedgerStep step) {
    return records.stream()
        .flatMap(record -> record.claim(step).stream())
        .map(GatewayRecord.Claimed::claim)
        .findFirst()
        .or(() -> told(step));
  }

  private Optional<LedgerClaim> told(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK ->
          message(MessageType.LOCK_EVIDENCE)
              .map(heard -> heard.message().as(LockEvidence.class).getLockEvidenceClaim());
      case LEDGER_STEP_FINALIZE_LOCK ->
          message(MessageType.COMMIT_FINAL)
              .map(heard -> heard.message().as(CommitFinal.class).getCommitFinalClaim());
      case LEDGER_STEP_CREATE ->
          message(MessageType.COMMIT_FINAL_ACK)
              .map(heard ->
                  heard.message().as(CommitFinalAck.class).getCommitAcknowledgementClaim());
      default -> Optional.empty();
    };
  }

  private Optional<GatewayRecord.Heard> message(MessageType type) {
    return records.stream().flatMap(record -> record.last(type).stream()).findFirst();
  }
}
