package org.odap.core.evidence;

import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.core.transfer.LogCommand;

/**
 * One log entry as a person reads it: where in the flow it stands (recovery-01 3), and what was
 * done.
 *
 * @param index position in the log
 * @param phase "p1" to "p3"
 * @param step step within the phase
 * @param operation intention, execution, fact, receipt or failure
 * @param gateways who was involved, e.g. "GS->GR"
 * @param command the entry's own words, e.g. "init-commence"
 * @param recordedAt UNIX milliseconds by the clock of the gateway that made it
 * @param deed what was done
 */
public record Act(
    int index,
    String phase,
    int step,
    LogOperation operation,
    String gateways,
    String command,
    long recordedAt,
    Deed deed) {

  /** Reads an entry; an entry nobody understands still gives an act with its command. */
  public static Act of(LogEntry entry) {
    var payload = entry.getPayload();
    return new Act(
        entry.getSeqNumber(),
        entry.getOdapPhase(),
        payload.getStep(),
        payload.getOperation(),
        payload.getGateways(),
        payload.getMessage(),
        payload.getRecordedAt(),
        Deed.of(payload.getContent()));
  }

  /** Whether it ends a rollback: its entry has the form of a failure but gives no reason. */
  public boolean isEndOfRollback() {
    return command.equals(LogCommand.DONE_ROLLBACK.text());
  }

  /** The act as part of a sentence, e.g. "locked 7 of 0xA1 on ethereum-1: tx 0x3b.., block 12". */
  public String text() {
    return switch (deed) {
      case Deed.Said(String name) -> name + " " + gateways;
      case Deed.StepPlanned(LedgerStep step) -> "is about to " + stepIntention(step);
      case Deed.StepFinished(LedgerClaim claim) -> claimText(claim);
      case Deed.Failed ignored when isEndOfRollback() -> "rolled back: this side is as it was";
      case Deed.Failed(var failure) ->
          "failed (" + reasonName(failure.getReason().name()) + "): " + failure.getDescription();
      case Deed.Accepted(var acceptance) ->
          "takes "
              + assetText(acceptance.getAsset())
              + " for "
              + acceptance.getDestination()
              + (acceptance.getApprover().isEmpty()
                  ? ""
                  : ", approved by " + acceptance.getApprover());
      case Deed.Ordered(var order) -> "order of " + order.getClient();
      case Deed.Other() -> command;
    };
  }

  private static String claimText(LedgerClaim claim) {
    return stepFact(claim.getStep())
        + " "
        + assetText(claim.getAsset())
        + " on "
        + claim.getDltSystem()
        + ": tx "
        + claim.getTransactionId()
        + ", block "
        + claim.getBlockNumber();
  }

  /** An asset as a person names it, e.g. "100 of 0x5F" or "no. 7 of TITLE". */
  public static String assetText(Asset asset) {
    String what =
        asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE
            ? asset.getAmount()
            : "no. " + asset.getAssetId();
    return asset.getAssetClass().isEmpty() ? what : what + " of " + asset.getAssetClass();
  }

  /**
   * Number of a ledger step in the architecture draft, e.g. "2.3"; empty for rollback (ARCH 7, 8).
   */
  public static String stepNumber(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> "2.3";
      case LEDGER_STEP_LOG_INCOMING -> "2.4";
      case LEDGER_STEP_FINALIZE_LOCK -> "3.3";
      case LEDGER_STEP_CREATE -> "3.5";
      case LEDGER_STEP_RECORD_LOCATION -> "3.7";
      case LEDGER_STEP_UNLOCK, LEDGER_STEP_WITHDRAW, LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  private static String stepIntention(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> "lock the asset";
      case LEDGER_STEP_LOG_INCOMING -> "announce the asset";
      case LEDGER_STEP_FINALIZE_LOCK -> "extinguish the asset";
      case LEDGER_STEP_CREATE -> "create the asset";
      case LEDGER_STEP_RECORD_LOCATION -> "record where the asset went";
      case LEDGER_STEP_UNLOCK -> "give the asset back";
      case LEDGER_STEP_WITHDRAW -> "withdraw the announcement";
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED -> "do an unknown step";
    };
  }

  private static String stepFact(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> "locked";
      case LEDGER_STEP_LOG_INCOMING -> "announced";
      case LEDGER_STEP_FINALIZE_LOCK -> "extinguished";
      case LEDGER_STEP_CREATE -> "created";
      case LEDGER_STEP_RECORD_LOCATION -> "recorded the new location of";
      case LEDGER_STEP_UNLOCK -> "gave back";
      case LEDGER_STEP_WITHDRAW -> "withdrew the announcement of";
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED -> "did an unknown step with";
    };
  }

  private static String reasonName(String enumName) {
    return enumName.startsWith("ERROR_REASON_")
        ? enumName.substring("ERROR_REASON_".length())
        : enumName;
  }
}
