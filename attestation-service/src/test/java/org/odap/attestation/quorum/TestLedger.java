package org.odap.attestation.quorum;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.participant.OwnLedger;
import org.odap.core.envelope.Hash;
import org.odap.core.quorum.Statements;

/** A ledger that all members see alike: a book of steps. */
final class TestLedger implements OwnLedger {
  private final String dltSystem;
  private final Map<String, GetStepResponse> steps = new ConcurrentHashMap<>();

  TestLedger(String dltSystem) {
    this.dltSystem = dltSystem;
  }

  /** Another transfer's id. */
  static String transfer() {
    return UUID.randomUUID().toString();
  }

  /** The hash of a transfer's tx. */
  static String hashTx(String transfer) {
    return Hash.of(transfer.getBytes(StandardCharsets.UTF_8));
  }

  /** Does a step; what is claimed of it. */
  LedgerClaim did(String transfer, LedgerStep step) {
    return write(
        transfer,
        step,
        SubmissionState.SUBMISSION_STATE_DONE,
        true,
        RecordState.RECORD_STATE_UNSPECIFIED);
  }

  LedgerClaim write(
      String transfer,
      LedgerStep step,
      SubmissionState state,
      boolean isFinal,
      RecordState record) {
    LedgerClaim claim =
        LedgerClaim.newBuilder()
            .setDltSystem(dltSystem)
            .setTransferId(transfer)
            .setStep(step)
            .setAsset(
                Asset.newBuilder()
                    .setKind(AssetKind.ASSET_KIND_UNIQUE)
                    .setAssetClass("title at " + dltSystem)
                    .setAssetId("17"))
            .setAccount("alice")
            .setTransactionId("tx-" + step.getNumber())
            .setBlockNumber(step.getNumber())
            .setFinality(Finality.newBuilder().setFinal(isFinal).setRule("instant"))
            .build();
    steps.put(
        transfer + step,
        GetStepResponse.newBuilder()
            .setOutcome(StepOutcome.newBuilder().setState(state).setClaim(claim))
            .setRecordState(record)
            .build());
    return claim;
  }

  /** Does a step; the statement of it. */
  Statement stated(String transfer, LedgerStep step) {
    return Statements.of(hashTx(transfer), did(transfer, step));
  }

  @Override
  public Optional<GetStepResponse> step(String transferId, LedgerStep step) {
    return Optional.ofNullable(steps.get(transferId + step));
  }
}
