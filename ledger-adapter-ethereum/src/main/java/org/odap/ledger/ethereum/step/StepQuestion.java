package org.odap.ledger.ethereum.step;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.escrow.EscrowErrors;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.escrow.TransferRecord;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;
import tools.jackson.databind.JsonNode;

/** What became of a step: by the escrow's record first, then by what is on its way to it. */
record StepQuestion(EscrowView view, Chain chain, Settlement settlement, StepRunner runner) {
  /** Where a step's call has the transfer's id: after the function's four bytes. */
  private static final int ID_START = "0x".length() + 8;

  GetStepResponse ask(TransferId id, LedgerStep step, String handle) {
    TransferRecord record = view.escrow().transferOf(id);
    StepOutcome outcome =
        recorded(id, step, record)
            .or(() -> runner.underWay(id, step))
            .or(() -> ofHandle(id, step, handle))
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_STEP_UNKNOWN, "the ledger has nothing of this step"));
    return GetStepResponse.newBuilder()
        .setOutcome(outcome)
        .setRecordState(record.stateOf(step))
        .build();
  }

  private Optional<StepOutcome> recorded(TransferId id, LedgerStep step, TransferRecord record) {
    return view.done(id, step, record)
        .flatMap(settlement::settle)
        .map(claim ->
            claim.getFinality().getFinal()
                ? StepOutcomes.done(claim)
                : StepOutcomes.submitted(claim.getTransactionId(), claim));
  }

  /** The handle is the caller's word: it counts only if that transaction is about this transfer. */
  private Optional<StepOutcome> ofHandle(TransferId id, LedgerStep step, String handle) {
    if (!handle.matches("0x[0-9a-f]{64}")) {
      return Optional.empty();
    }
    Optional<JsonNode> transaction =
        chain.transaction(handle).filter(candidate -> isAbout(id, candidate));
    if (transaction.isEmpty()) {
      return Optional.empty();
    }
    Optional<Receipt> receipt = chain.receipt(handle);
    if (receipt.isPresent() && !receipt.get().succeeded()) {
      return Optional.of(reverted(step, transaction.get(), receipt.get()));
    }
    return Optional.of(StepOutcomes.submitted(handle, LedgerClaim.getDefaultInstance()));
  }

  private boolean isAbout(TransferId id, JsonNode transaction) {
    return view.escrow().address().matches(transaction.path("to").asString(""))
        && transaction.path("input").asString("").startsWith(id.word(), ID_START);
  }

  /** Why it was reverted shows when the call is done again on the state of its own block. */
  private StepOutcome reverted(LedgerStep step, JsonNode transaction, Receipt receipt) {
    CallMessage call =
        new CallMessage(
            transaction.path("from").asString(),
            transaction.path("to").asString(),
            transaction.path("input").asString());
    Refusal refusal = new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, "reverted");
    try {
      String _ = chain.call(call, Chain.hex(receipt.blockNumber()));
    } catch (ChainRefusedException e) {
      refusal = EscrowErrors.read(step, e).orElse(refusal);
    }
    return StepOutcomes.refused(refusal);
  }
}
