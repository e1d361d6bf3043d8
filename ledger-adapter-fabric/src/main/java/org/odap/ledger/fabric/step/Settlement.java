package org.odap.ledger.fabric.step;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.rpc.OdapException;

/**
 * What a transaction did, by its block, with the proof of it.
 *
 * @param dltSystem the ledger's name between gateways
 * @param form how much of the block is shown to the counterparty
 * @param proofCharactersMax what a proof may have at most
 */
record Settlement(
    String dltSystem,
    String chaincode,
    Peer peer,
    Blocks blocks,
    BlockEvidence.Form form,
    int proofCharactersMax) {

  /** The claim of a transfer's step, with its proof. */
  LedgerClaim step(String transactionId) {
    Blocks.Located located = located(transactionId);
    LedgerClaim claim =
        new StepInBlock(located.block().getHeader(), located.content())
            .claim(dltSystem, chaincode)
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_INTERNAL,
                    "transaction " + transactionId + " left no event of a step"));
    Optional<BlockEvidence> evidence =
        BlockEvidence.of(located.block(), located.index(), form, proofCharactersMax);
    return evidence
        .map(proof ->
            claim.toBuilder().setProofFormat(BlockEvidence.FORMAT).setProof(proof.toJson()).build())
        .orElse(claim);
  }

  /** Where a transaction is that is no transfer's step. */
  LedgerClaim.Builder place(String transactionId) {
    Blocks.Located located = located(transactionId);
    return new StepInBlock(located.block().getHeader(), located.content()).place(dltSystem);
  }

  private Blocks.Located located(String transactionId) {
    return peer.asked(() -> blocks.transaction(transactionId));
  }
}
