package org.odap.ledger.sql.step;

import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_ANNOUNCED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_CREATED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_WITHDRAWN;

import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.ledger.sql.asset.Accounts;
import org.odap.ledger.sql.asset.AssetClasses;
import org.odap.ledger.sql.asset.Holdings;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.step.TransferRecord.Side;

/**
 * The steps on the ledger that an asset comes to: 2.4, 3.5 and the rollback of 2.4 (ARCH 7, 8).
 *
 * <p>An announced unique asset has its row already, so that its id can't be taken in the meantime
 * and 3.5 has nothing left that could be refused: after the commit point there is only forward.
 */
public final class RecipientSteps {
  private static final Side SIDE = Side.RECIPIENT;

  private final StepJournal journal;
  private final AssetClasses classes;
  private final Holdings holdings;

  /** The steps on one ledger. */
  public RecipientSteps(String dltSystem, AssetClasses classes, Holdings holdings) {
    this.journal = new StepJournal(dltSystem);
    this.classes = classes;
    this.holdings = holdings;
  }

  /** 2.4. */
  public LedgerClaim logIncoming(Transaction tx, LogIncomingRequest request) throws SQLException {
    StepKey key = request.getKey();
    EntryBody body =
        journal
            .body(key, LedgerStep.LEDGER_STEP_LOG_INCOMING)
            .with(request.getAsset(), request.getBeneficiary())
            .with("reference", request.getReference())
            .build();
    Optional<TransferRecord> known = TransferRecord.hold(tx, key, SIDE);
    if (known.isPresent()) {
      if (known.get().state() == RECORD_STATE_WITHDRAWN) {
        throw outOfOrder("the transfer was withdrawn before");
      }
      LedgerClaim first = journal.again(tx, body);
      known.get().remember(tx, key, SIDE);
      return first;
    }
    classes.require(tx, request.getAsset());
    Accounts.require(request.getBeneficiary());
    TransferRecord.insert(
        tx,
        key,
        SIDE,
        RECORD_STATE_ANNOUNCED,
        request.getAsset(),
        request.getBeneficiary(),
        Optional.empty());
    if (request.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.announceUnique(tx, request.getAsset(), key.getTransferId());
    }
    return journal.done(tx, key, body);
  }

  /** 3.5. */
  public LedgerClaim create(Transaction tx, CreateFromTransferRequest request) throws SQLException {
    StepKey key = request.getKey();
    TransferRecord record =
        TransferRecord.hold(tx, key, SIDE)
            .filter(r -> r.state() != RECORD_STATE_WITHDRAWN)
            .orElseThrow(() -> outOfOrder("the transfer is not announced here"));
    Asset asset = record.heldAsset();
    EntryBody body =
        journal
            .body(key, LedgerStep.LEDGER_STEP_CREATE)
            .with(asset, record.account())
            .with("reference", request.getReference())
            .with("hash_commit_final", request.getHashCommitFinal())
            .build();
    if (record.state() == RECORD_STATE_CREATED) {
      LedgerClaim first = journal.again(tx, body);
      record.remember(tx, key, SIDE);
      return first;
    }
    TransferRecord.update(tx, key, SIDE, RECORD_STATE_CREATED);
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.createAnnounced(tx, asset, key.getTransferId(), record.account());
    } else {
      holdings.addUnits(tx, asset, record.account());
    }
    return journal.done(tx, key, body);
  }

  /** Rollback of 2.4. */
  public LedgerClaim withdraw(Transaction tx, WithdrawIncomingRequest request) throws SQLException {
    StepKey key = request.getKey();
    Optional<TransferRecord> known = TransferRecord.hold(tx, key, SIDE);
    if (known.isEmpty()) {
      TransferRecord.insertGivenUp(tx, key, SIDE, RECORD_STATE_WITHDRAWN);
      return journal.done(tx, key, journal.body(key, LedgerStep.LEDGER_STEP_WITHDRAW).build());
    }
    TransferRecord record = known.get();
    return switch (record.state()) {
      case RECORD_STATE_CREATED -> throw outOfOrder("the asset is created");
      case RECORD_STATE_WITHDRAWN -> {
        record.remember(tx, key, SIDE);
        yield journal.again(tx, key, LedgerStep.LEDGER_STEP_WITHDRAW);
      }
      default -> forget(tx, key, record);
    };
  }

  private LedgerClaim forget(Transaction tx, StepKey key, TransferRecord record)
      throws SQLException {
    Asset asset = record.heldAsset();
    TransferRecord.update(tx, key, SIDE, RECORD_STATE_WITHDRAWN);
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.withdrawUnique(tx, asset, key.getTransferId());
    }
    return journal.done(
        tx,
        key,
        journal.body(key, LedgerStep.LEDGER_STEP_WITHDRAW).with(asset, record.account()).build());
  }

  private static RefusedException outOfOrder(String description) {
    return new RefusedException(ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER, description);
  }
}
