package org.odap.ledger.fabric.step;

import java.time.Duration;
import java.util.Optional;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.assets.TransferRecord;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.submission.Runner;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/** What became of a step: by the chaincode's record first, then by the transaction's block. */
record StepQuestion(AssetChaincode chaincode, Peer peer, Settlement settlement, Runner runner) {
  /** A transaction that was ordered is in a block by then, or the caller asks again. */
  private static final Duration BLOCK_WITHIN = Duration.ofSeconds(1);

  private static final String TRANSACTION_ID = "[0-9a-f]{64}";

  GetStepResponse ask(String transferId, LedgerStep step, String handle) {
    Optional<GetStepResponse> recorded = recorded(transferId, step);
    if (recorded.isPresent()) {
      return recorded.get();
    }
    if (runner.isUnderWay(handle)) {
      return answer(
          StepOutcomes.submitted(handle, StepInBlock.onItsWay(settlement.dltSystem(), handle)),
          RecordState.RECORD_STATE_UNSPECIFIED);
    }
    // The handle is the caller's word: it says whether to look again, never what was done.
    if (handle.matches(TRANSACTION_ID) && isInBlock(handle)) {
      recorded = recorded(transferId, step);
    }
    return recorded.orElseThrow(() ->
        new OdapException(
            ErrorReason.ERROR_REASON_STEP_UNKNOWN,
            "the ledger has nothing of this step; to repeat it does no harm"));
  }

  private Optional<GetStepResponse> recorded(String transferId, LedgerStep step) {
    try {
      TransferRecord record = chaincode.transfer(transferId);
      return record
          .transactionOf(step)
          .map(settlement::step)
          .map(StepOutcomes::done)
          .map(outcome -> answer(outcome, record.stateOf(step)));
    } catch (GatewayException e) {
      Failure failure = Failures.of(e);
      if (failure.kind() == Failure.Kind.REFUSED) {
        return Optional.empty();
      }
      throw failure.exception(e);
    }
  }

  private boolean isInBlock(String transactionId) {
    try {
      return peer.status(transactionId, BLOCK_WITHIN).getCode() == TxValidationCode.VALID;
    } catch (GatewayException e) {
      return false;
    }
  }

  private static GetStepResponse answer(StepOutcome outcome, RecordState state) {
    return GetStepResponse.newBuilder().setOutcome(outcome).setRecordState(state).build();
  }
}
