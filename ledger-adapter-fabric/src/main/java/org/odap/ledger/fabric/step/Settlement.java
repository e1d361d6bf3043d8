package org.odap.ledger.fabric.step;

import java.util.OptionalLong;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.evidence.EvidenceMaker;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.submission.Carried;
import org.odap.runtime.rpc.OdapException;

/**
 * What a transaction did, by its block, with the proof of it.
 *
 * @param dltSystem the ledger's name between gateways
 */
record Settlement(
    String dltSystem, String chaincode, Peer peer, Blocks blocks, EvidenceMaker evidence) {

  /** The claim of a transfer's step, with its proof. */
  LedgerClaim step(Carried.Done done) {
    Blocks.Located located = located(done);
    LedgerClaim claim =
        new StepInBlock(located.block().getHeader(), located.content())
            .claim(dltSystem, chaincode)
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_INTERNAL,
                    "transaction " + done.transactionId() + " left no event of a step"));
    return evidence
        .of(located.block(), located.index())
        .map(proof ->
            claim.toBuilder().setProofFormat(BlockEvidence.FORMAT).setProof(proof.toJson()).build())
        .orElse(claim);
  }

  /** Where a transaction is that is no transfer's step. */
  LedgerClaim.Builder place(Carried.Done done) {
    Blocks.Located located = located(done);
    return new StepInBlock(located.block().getHeader(), located.content()).place(dltSystem);
  }

  /** The claim of a step that was done in this transaction, some time. */
  LedgerClaim step(String transactionId) {
    return step(new Carried.Done(transactionId, OptionalLong.empty()));
  }

  private Blocks.Located located(Carried.Done done) {
    return peer.asked(() -> blocks.transaction(done.transactionId(), done.block()));
  }
}
