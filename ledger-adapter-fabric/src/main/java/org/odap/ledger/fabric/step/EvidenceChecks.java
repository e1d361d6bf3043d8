package org.odap.ledger.fabric.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.assets.TransferRecord;
import org.odap.ledger.fabric.evidence.BlockCheck;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.evidence.KnownChannel;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.runtime.rpc.OdapException;

/**
 * Checks claims: of any channel whose organizations' keys are configured by its block alone, and of
 * our own channel by our own peer too, which need not be the claimant's.
 *
 * @param known by the ledger's name between gateways
 */
record EvidenceChecks(
    Settlement settlement, AssetChaincode chaincode, Map<String, KnownChannel> known) {

  List<String> check(LedgerClaim claim) {
    Optional<KnownChannel> channel = Optional.ofNullable(known.get(claim.getDltSystem()));
    boolean isOwn = claim.getDltSystem().equals(settlement.dltSystem());
    if (!claim.getProofFormat().equals(BlockEvidence.FORMAT) || (!isOwn && channel.isEmpty())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "this adapter checks " + BlockEvidence.FORMAT + " of its own and of configured channels");
    }
    List<String> checks = new ArrayList<>();
    channel.ifPresent(trusted -> checks.addAll(new BlockCheck(trusted).check(claim)));
    if (isOwn) {
      requireShown(claim);
      LedgerClaim own = ownView(claim);
      BlockCheck.requireSame(claim, Optional.of(own));
      checks.add("own peer has the step in valid transaction " + own.getTransactionId());
    }
    return List.copyOf(checks);
  }

  /** Where no keys are configured the proof is still to be what it says it is. */
  private static void requireShown(LedgerClaim claim) {
    if (BlockEvidence.parse(claim.getProof()).isEmpty()) {
      throw BlockCheck.wrong("the proof has not the format it names");
    }
  }

  private LedgerClaim ownView(LedgerClaim claim) {
    try {
      TransferRecord record = chaincode.transfer(claim.getTransferId());
      return record
          .transactionOf(claim.getStep())
          .map(settlement::step)
          .orElseThrow(() -> BlockCheck.wrong("the step is not on the channel"));
    } catch (GatewayException e) {
      Failure failure = Failures.of(e);
      throw failure.kind() == Failure.Kind.REFUSED
          ? BlockCheck.wrong("the chaincode has nothing of the transfer: " + failure.words())
          : failure.exception(e);
    }
  }
}
