package org.odap.core.evidence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.quorum.Statements;

/**
 * What the ledgers did: each step about this asset, final, and referring to the one before
 * (ARCH-1).
 */
final class LedgerChecks {
  private static final Set<LedgerStep> SENDER_STEPS =
      Set.of(
          LedgerStep.LEDGER_STEP_LOCK,
          LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
          LedgerStep.LEDGER_STEP_RECORD_LOCATION,
          LedgerStep.LEDGER_STEP_UNLOCK);

  /** Undoing a step that never took place is about no asset in particular. */
  private static final Set<LedgerStep> UNDOING =
      Set.of(LedgerStep.LEDGER_STEP_UNLOCK, LedgerStep.LEDGER_STEP_WITHDRAW);

  /** The step whose transaction a step must refer to (ARCH 8, 3.3, 3.5, 3.7). */
  private static final Map<LedgerStep, LedgerStep> REFERENCES =
      Map.of(
          LedgerStep.LEDGER_STEP_FINALIZE_LOCK, LedgerStep.LEDGER_STEP_LOCK,
          LedgerStep.LEDGER_STEP_RECORD_LOCATION, LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
          LedgerStep.LEDGER_STEP_CREATE, LedgerStep.LEDGER_STEP_LOG_INCOMING);

  private LedgerChecks() {}

  static List<Check> of(String transferId, List<GatewayRecord> records) {
    List<Check> checks = new ArrayList<>();
    for (GatewayRecord record : records) {
      checks.add(aboutThisAsset(transferId, record));
      checks.add(referring(record));
      checks.add(plannedFirst(record));
      if (isAnchored(record)) {
        checks.add(anchored(record));
      }
      checks.add(toldAsDone(record));
    }
    return checks;
  }

  private static Check aboutThisAsset(String transferId, GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Claimed claimed : record.claims()) {
      claimFaults(transferId, record, claimed.claim())
          .forEach(fault -> findings.add(finding(record, claimed, fault)));
    }
    return new Check(
        "The %s's log shows %d ledger steps: on its ledger, of this transfer and asset, final"
            .formatted(record.role(), record.claims().size()),
        findings);
  }

  private static List<String> claimFaults(
      String transferId, GatewayRecord record, LedgerClaim claim) {
    List<String> faults = new ArrayList<>();
    if (SENDER_STEPS.contains(claim.getStep()) != record.sender()) {
      faults.add("it is no step of the " + record.role());
    }
    if (!claim.getTransferId().equals(transferId)) {
      faults.add("it is of transfer " + claim.getTransferId());
    }
    String ledger = ledger(record);
    if (!claim.getDltSystem().equals(ledger)) {
      faults.add("ledger: " + claim.getDltSystem() + " (expected: " + ledger + ")");
    }
    if (claim.getTransactionId().isEmpty()) {
      faults.add("it names no transaction");
    }
    if (!claim.getFinality().getFinal()) {
      faults.add("it is not final");
    }
    if (!UNDOING.contains(claim.getStep())) {
      agreedAsset(record)
          .filter(agreed -> !sameAsset(agreed, claim.getAsset()))
          .ifPresent(agreed ->
              faults.add(
                  "asset: %s (agreed: %s)"
                      .formatted(Act.assetText(claim.getAsset()), Act.assetText(agreed))));
    }
    return faults;
  }

  private static String ledger(GatewayRecord record) {
    LogEntry first = record.entries().getFirst();
    return record.sender()
        ? first.getSourceGatewayDltSystem()
        : first.getRecipientGatewayDltSystem();
  }

  private static Optional<Asset> agreedAsset(GatewayRecord record) {
    return record
        .last(MessageType.INITIALIZATION_REQUEST)
        .map(heard -> heard.message().as(InitializationRequest.class).getAsset());
  }

  /** Classes differ between ledgers; id and amount do not. */
  private static boolean sameAsset(Asset one, Asset other) {
    return one.getKind() == other.getKind()
        && one.getAssetId().equals(other.getAssetId())
        && one.getAmount().equals(other.getAmount());
  }

  private static Check referring(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Claimed claimed : record.claims()) {
      String expected = expectedReference(record, claimed.claim().getStep());
      if (!expected.isEmpty() && !claimed.claim().getReference().equals(expected)) {
        findings.add(
            finding(
                record,
                claimed,
                "reference: %s (expected: %s)"
                    .formatted(claimed.claim().getReference(), expected)));
      }
    }
    return new Check(
        "Each ledger step of the %s refers to the step or message before it"
            .formatted(record.role()),
        findings);
  }

  /** The first steps refer to the TransferCommence, later ones to a transaction before them. */
  private static String expectedReference(GatewayRecord record, LedgerStep step) {
    if (UNDOING.contains(step)) {
      return "";
    }
    LedgerStep before = REFERENCES.get(step);
    if (before == null) {
      return record
          .last(MessageType.TRANSFER_COMMENCE)
          .map(heard -> heard.message().hash())
          .orElse("the hash of a TransferCommence");
    }
    return record
        .claim(before)
        .map(claimed -> claimed.claim().getTransactionId().getBytes(StandardCharsets.UTF_8))
        .map(Hash::of)
        .orElse("a transaction of step " + Act.stepNumber(before));
  }

  /** Write-ahead (recovery-01 3): the intent was logged before the deed. */
  private static Check plannedFirst(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Claimed claimed : record.claims()) {
      boolean planned =
          record
              .plan(claimed.claim().getStep())
              .filter(index -> index < claimed.index())
              .isPresent();
      if (!planned) {
        findings.add(finding(record, claimed, "its intent was not logged before"));
      }
    }
    return new Check(
        "The intent of each ledger step stands in the %s's log before the step"
            .formatted(record.role()),
        findings);
  }

  /** Whether the gateway said that its log's hash goes to its ledger (recovery-01 4.4). */
  private static boolean isAnchored(GatewayRecord record) {
    Optional<LoggingProfile> profile =
        record.sender()
            ? record
                .last(MessageType.INITIALIZATION_REQUEST)
                .map(heard -> heard.message().as(InitializationRequest.class).getLoggingProfile())
            : record
                .last(MessageType.INITIALIZATION_RESPONSE)
                .map(heard -> heard.message().as(InitializationResponse.class).getLoggingProfile());
    return profile.filter(said -> said == LoggingProfile.LOGGING_PROFILE_LEDGER_HASH).isPresent();
  }

  /** The log is the one whose hash the ledger took with the step: nobody has written it anew. */
  private static Check anchored(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Claimed claimed : record.claims()) {
      record
          .plan(claimed.claim().getStep())
          .map(index -> record.entries().get(index - 1))
          .flatMap(ordering -> anchorFault(ordering, claimed.claim()))
          .ifPresent(fault -> findings.add(finding(record, claimed, fault)));
    }
    return new Check(
        "Each ledger step of the %s holds the hash of its log as it was when the step was ordered"
            .formatted(record.role()),
        findings);
  }

  private static Optional<String> anchorFault(LogEntry ordering, LedgerClaim claim) {
    if (!claim.hasLogAnchor()) {
      // A ledger may let go of a lock by itself, once it has expired.
      return claim.getStep() == LedgerStep.LEDGER_STEP_UNLOCK
          ? Optional.empty()
          : Optional.of("the ledger holds no hash of the log");
    }
    LogAnchor anchor = claim.getLogAnchor();
    return anchor.getSeqNumber() == ordering.getSeqNumber()
            && anchor.getLogEntryHash().equals(ordering.getLogEntryHash())
        ? Optional.empty()
        : Optional.of(
            "the ledger holds another hash of the log: entry %d, %s (the log shows: entry %d, %s)"
                .formatted(
                    anchor.getSeqNumber(),
                    anchor.getLogEntryHash(),
                    ordering.getSeqNumber(),
                    ordering.getLogEntryHash()));
  }

  /** A message that claims a step must claim what its author's own log shows. */
  private static Check toldAsDone(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Heard heard : record.messages()) {
      boolean own = MessageChecks.authoredBySender(record, heard.message()) == record.sender();
      if (own) {
        claimOf(heard).flatMap(claim -> claimFault(record, heard, claim)).ifPresent(findings::add);
      }
    }
    return new Check(
        "What the %s told the other gateway of its ledger is what its log shows"
            .formatted(record.role()),
        findings);
  }

  private static Optional<LedgerClaim> claimOf(GatewayRecord.Heard heard) {
    return switch (heard.message().type()) {
      case LOCK_EVIDENCE ->
          Optional.of(heard.message().as(LockEvidence.class).getLockEvidenceClaim());
      case COMMIT_FINAL -> Optional.of(heard.message().as(CommitFinal.class).getCommitFinalClaim());
      case COMMIT_FINAL_ACK ->
          Optional.of(heard.message().as(CommitFinalAck.class).getCommitAcknowledgementClaim());
      default -> Optional.empty();
    };
  }

  private static Optional<Finding> claimFault(
      GatewayRecord record, GatewayRecord.Heard heard, LedgerClaim told) {
    Optional<GatewayRecord.Claimed> done = record.claim(told.getStep());
    String name = heard.message().type() + ": ";
    if (done.isEmpty() || done.get().index() > heard.index()) {
      return Optional.of(
          new Finding(record.role(), heard.index(), name + "the log shows no such step before it"));
    }
    return Statements.essence(told).equals(Statements.essence(done.get().claim()))
        ? Optional.empty()
        : Optional.of(
            new Finding(
                record.role(),
                heard.index(),
                name + "it claims something else than entry " + done.get().index()));
  }

  private static Finding finding(GatewayRecord record, GatewayRecord.Claimed claimed, String what) {
    String number = Act.stepNumber(claimed.claim().getStep());
    String step = number.isEmpty() ? claimed.claim().getStep().name() : "step " + number;
    return new Finding(record.role(), claimed.index(), step + ": " + what);
  }
}
