package org.odap.ledger.ethereum.step;

import java.math.BigInteger;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.escrow.Escrow;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.Incoming;
import org.odap.ledger.ethereum.escrow.Outgoing;
import org.odap.ledger.ethereum.escrow.TokenKind;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.escrow.TransferRecord;

/**
 * The escrow's records in the words of the ledger contract.
 *
 * @param dltSystem the ledger's name between gateways
 */
record EscrowView(Escrow escrow, LogScan scan, String dltSystem) {

  /** What a transfer step did; empty where it was not done. */
  Optional<Done> done(TransferId id, LedgerStep step, TransferRecord record) {
    return escrow.logOf(id, step, record).map(log -> new Done(log, claim(id, step, record, log)));
  }

  Asset asset(Address token, BigInteger idOrAmount) {
    Asset.Builder asset = Asset.newBuilder().setAssetClass(token.text());
    return switch (escrow.rulesOf(token).kind()) {
      case UNIQUE ->
          asset.setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(idOrAmount.toString()).build();
      case FUNGIBLE ->
          asset.setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(idOrAmount.toString()).build();
      case NONE -> asset.build();
    };
  }

  /** Whether a class is enrolled and of the kind the caller takes it for. */
  boolean isOfKind(Address token, AssetKind kind) {
    TokenKind enrolled = escrow.rulesOf(token).kind();
    return switch (kind) {
      case ASSET_KIND_UNIQUE -> enrolled == TokenKind.UNIQUE;
      case ASSET_KIND_FUNGIBLE -> enrolled == TokenKind.FUNGIBLE;
      case ASSET_KIND_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  private LedgerClaim claim(TransferId id, LedgerStep step, TransferRecord record, Log log) {
    LedgerClaim.Builder claim =
        LedgerClaim.newBuilder()
            .setDltSystem(dltSystem)
            .setTransferId(id.toString())
            .setStep(step)
            .setReference(EscrowEvents.reference(step, log.data()));
    if (TransferRecord.isSendersStep(step)) {
      fill(claim, record.sent());
      if (step == LedgerStep.LEDGER_STEP_LOCK) {
        claim.setLockExpiry(record.sent().expiryMillis());
      }
    } else {
      fill(claim, record.received());
    }
    return claim.build();
  }

  private void fill(LedgerClaim.Builder claim, Outgoing sent) {
    if (!sent.token().equals(Address.ZERO)) {
      claim.setAsset(asset(sent.token(), sent.idOrAmount())).setAccount(sent.owner().text());
    }
  }

  private void fill(LedgerClaim.Builder claim, Incoming received) {
    if (!received.token().equals(Address.ZERO)) {
      claim
          .setAsset(asset(received.token(), received.idOrAmount()))
          .setAccount(received.beneficiary().text());
    }
  }
}
