package org.odap.ledger.ethereum.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.evidence.ReceiptEvidence;
import org.odap.runtime.rpc.OdapException;

/**
 * Checks a claim about this chain and escrow with this adapter's own node, which need not be the
 * claimant's. The claim and its proof come from the other side: they only say where to look.
 */
record EvidenceCheck(EscrowView view, Settlement settlement) {

  List<String> check(LedgerClaim claim) {
    if (!claim.getProofFormat().equals(ReceiptEvidence.FORMAT)
        || !claim.getDltSystem().equals(view.dltSystem())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "this adapter checks " + ReceiptEvidence.FORMAT + " of " + view.dltSystem() + " only");
    }
    List<String> checks = new ArrayList<>();
    ReceiptEvidence evidence =
        ReceiptEvidence.parse(claim.getProof())
            .orElseThrow(() -> wrong("the proof has not the format it names"));
    if (!evidence.chainId().equals(Long.toString(settlement.chainId()))
        || !view.escrow().address().text().equals(evidence.escrow())) {
      throw wrong("the proof is about another chain or escrow");
    }
    if (evidence.isHeaderSelfConsistent()) {
      checks.add("block header has the block's hash");
    }
    LedgerClaim own = ownView(claim);
    requireSame(claim, own);
    checks.add("own node has the step's event in transaction " + own.getTransactionId());
    if (!own.getFinality().getFinal()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL, "the step is on the chain, but not final yet");
    }
    checks.add("block " + own.getBlockNumber() + " is final by rule " + settlement.rule().name());
    return List.copyOf(checks);
  }

  private LedgerClaim ownView(LedgerClaim claim) {
    TransferId id =
        TransferId.parse(claim.getTransferId())
            .orElseThrow(() -> wrong("transfer_id is not a UUID"));
    Optional<LedgerClaim> own =
        view.done(id, claim.getStep(), view.escrow().transferOf(id)).flatMap(settlement::settle);
    return own.orElseThrow(() -> wrong("the step is not on the chain"));
  }

  private void requireSame(LedgerClaim claim, LedgerClaim own) {
    LedgerClaim claimed = claim.toBuilder().clearFinality().clearProof().clearProofFormat().build();
    LedgerClaim seen = own.toBuilder().clearFinality().clearProof().clearProofFormat().build();
    if (!claimed.equals(seen)) {
      throw wrong("the chain says otherwise of this step: transaction " + own.getTransactionId());
    }
  }

  private static OdapException wrong(String description) {
    return new OdapException(ErrorReason.ERROR_REASON_CLAIM_WRONG, description);
  }
}
