package org.odap.ledger.ethereum.step;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.ledger.StepWait;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/**
 * NATIVE_TXN (ODAP 5.10.10, 5.12): transactions that others have signed, handed to the node as they
 * are and followed until they are final. A transaction is known by the hash of its bytes: the same
 * bytes again are no second transaction, and tell what became of the first.
 *
 * @param pollEvery pause between looks at the chain
 * @param waitAtMost after this long one is answered as submitted
 */
record NativeTransactions(
    String dltSystem, Chain chain, FinalityRule rule, Duration pollEvery, Duration waitAtMost) {

  StepOutcome submit(ByteString bytes) {
    byte[] transaction = bytes.toByteArray();
    String hash = Numeric.toHexString(Hash.sha3(transaction));
    try {
      if (!chain.knowsTransaction(hash)) {
        String _ = chain.sendRawTransaction(Numeric.toHexString(transaction));
      }
    } catch (ChainRefusedException e) {
      // Somebody else may have handed it in since we asked.
      if (!chain.knowsTransaction(hash)) {
        return StepOutcomes.refused(
            new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, e.nodeMessage()));
      }
    }
    return follow(hash);
  }

  private StepOutcome follow(String hash) {
    long end = System.nanoTime() + StepWait.limit(waitAtMost).toNanos();
    StepOutcome now = look(hash);
    while (isOpen(now) && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pollEvery.toNanos());
      now = look(hash);
    }
    return now;
  }

  private static boolean isOpen(StepOutcome outcome) {
    return switch (outcome.getState()) {
      case SUBMISSION_STATE_SUBMITTED -> true;
      case SUBMISSION_STATE_DONE,
          SUBMISSION_STATE_FAILED,
          SUBMISSION_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          false;
    };
  }

  private StepOutcome look(String hash) {
    LedgerClaim.Builder claim =
        LedgerClaim.newBuilder().setDltSystem(dltSystem).setTransactionId(hash);
    Optional<Receipt> receipt = chain.receipt(hash);
    if (receipt.isEmpty()) {
      Finality open = Finality.newBuilder().setRule(rule.name()).setNodesAsked(1).build();
      return StepOutcomes.submitted(hash, claim.setFinality(open).build());
    }
    Finality finality = rule.judge(chain, receipt.get().blockNumber());
    claim
        .setBlockNumber(receipt.get().blockNumber())
        .setBlockHash(receipt.get().blockHash())
        .setFinality(finality);
    if (!finality.getFinal()) {
      return StepOutcomes.submitted(hash, claim.build());
    }
    return receipt.get().succeeded()
        ? StepOutcomes.done(claim.build())
        : StepOutcomes.refused(
            new Refusal(
                ErrorReason.ERROR_REASON_LEDGER_REFUSED,
                "reverted: transaction " + hash + " in block " + receipt.get().blockNumber()));
  }
}
