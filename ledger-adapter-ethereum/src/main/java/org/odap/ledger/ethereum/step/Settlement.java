package org.odap.ledger.ethereum.step;

import java.util.Optional;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LogAnchor;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.escrow.AnchoredCall;
import org.odap.ledger.ethereum.evidence.ReceiptEvidence;
import org.odap.ledger.ethereum.finality.FinalityRule;

/** Completes what is known of a carried-out order: where it stands, how final it is, its proof. */
record Settlement(Chain chain, long chainId, Address escrow, FinalityRule rule) {

  /**
   * The whole claim, with its proof once final. Empty where the chain changed between two
   * questions: all of the answer must be of one and the same block.
   */
  Optional<LedgerClaim> settle(Done done) {
    Log log = done.log();
    Finality finality = rule.judge(chain, log.blockNumber());
    Optional<Receipt> receipt = chain.receipt(log.transactionHash());
    // Asked last: whatever a reorganization changed before this answer shows in it.
    Optional<Block> block = chain.block(log.blockNumber());
    boolean isSame =
        receipt.map(r -> r.blockHash().equals(log.blockHash())).orElse(false)
            && block.map(b -> b.hash().equals(log.blockHash())).orElse(false);
    if (!isSame) {
      return Optional.empty();
    }
    LedgerClaim.Builder claim =
        done.claim().toBuilder()
            .setTransactionId(log.transactionHash())
            .setBlockNumber(log.blockNumber())
            .setBlockHash(log.blockHash())
            .setFinality(finality);
    anchor(log).ifPresent(claim::setLogAnchor);
    if (finality.getFinal()) {
      claim
          .setProofFormat(ReceiptEvidence.FORMAT)
          .setProof(ReceiptEvidence.of(chainId, escrow, block.get(), receipt.get(), log).toJson());
    }
    return Optional.of(claim.build());
  }

  private Optional<LogAnchor> anchor(Log log) {
    return chain
        .transaction(log.transactionHash())
        .map(transaction -> transaction.path("input").asString(""))
        .flatMap(AnchoredCall::anchorOf);
  }
}
