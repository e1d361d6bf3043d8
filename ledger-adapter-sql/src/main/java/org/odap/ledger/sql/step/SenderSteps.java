package org.odap.ledger.sql.step;

import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_EXTINGUISHED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_LOCKED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_RELEASED;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.ledger.sql.asset.AssetClasses;
import org.odap.ledger.sql.asset.Holdings;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.step.TransferRecord.Side;
import org.odap.runtime.ledger.Refusal;

/**
 * The steps on the ledger that an asset leaves: 2.3, 3.3, 3.7 and the rollback of 2.3 (ARCH 7, 8).
 *
 * <p>Every step holds the transfer's record first, then the rows of its asset, then the journal's
 * end. An expired lock is none: finalize refuses it, and the asset is free for whoever comes next.
 * For a unique asset the next lock simply takes its row; units of expired locks are moved back when
 * somebody misses them.
 */
public final class SenderSteps {
  private static final Side SIDE = Side.SENDER;

  private final StepJournal journal;
  private final AssetClasses classes;
  private final Holdings holdings;

  /** The steps on one ledger. */
  public SenderSteps(String dltSystem, AssetClasses classes, Holdings holdings) {
    this.journal = new StepJournal(dltSystem);
    this.classes = classes;
    this.holdings = holdings;
  }

  /** 2.3. */
  public LedgerClaim lock(Transaction tx, LockRequest request) throws SQLException {
    StepKey key = request.getKey();
    EntryBody body =
        journal
            .body(key, LedgerStep.LEDGER_STEP_LOCK)
            .with(request.getAsset(), request.getOwner())
            .with("lock_expiry", request.getLockExpiry())
            .with("reference", request.getReference())
            .build();
    Optional<TransferRecord> known = TransferRecord.hold(tx, key, SIDE);
    if (known.isPresent()) {
      if (known.get().state() == RECORD_STATE_RELEASED) {
        throw outOfOrder("the transfer was unlocked before");
      }
      LedgerClaim first = journal.again(tx, body);
      known.get().remember(tx, key, SIDE);
      return first;
    }
    classes.require(tx, request.getAsset());
    requireFuture(tx, request.getLockExpiry());
    TransferRecord.insert(
        tx,
        key,
        SIDE,
        RECORD_STATE_LOCKED,
        request.getAsset(),
        request.getOwner(),
        Optional.of(request.getLockExpiry()));
    if (request.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.lockUnique(
          tx, request.getAsset(), request.getOwner(), key.getTransferId(), request.getLockExpiry());
    } else {
      lockUnits(tx, request.getAsset(), request.getOwner());
    }
    return journal.done(tx, key, body);
  }

  /** Rollback of 2.3. */
  public LedgerClaim unlock(Transaction tx, UnlockRequest request) throws SQLException {
    StepKey key = request.getKey();
    Optional<TransferRecord> known = TransferRecord.hold(tx, key, SIDE);
    if (known.isEmpty()) {
      TransferRecord.insertGivenUp(tx, key, SIDE, RECORD_STATE_RELEASED);
      return journal.done(tx, key, journal.body(key, LedgerStep.LEDGER_STEP_UNLOCK).build());
    }
    TransferRecord record = known.get();
    return switch (record.state()) {
      case RECORD_STATE_EXTINGUISHED -> throw outOfOrder("the asset is extinguished");
      case RECORD_STATE_RELEASED -> {
        record.remember(tx, key, SIDE);
        yield journal.again(tx, key, LedgerStep.LEDGER_STEP_UNLOCK);
      }
      default -> release(tx, key, record);
    };
  }

  /** 3.3, the commit point. */
  public LedgerClaim finalizeLock(Transaction tx, FinalizeLockRequest request) throws SQLException {
    StepKey key = request.getKey();
    TransferRecord record =
        TransferRecord.hold(tx, key, SIDE)
            .orElseThrow(() -> outOfOrder("the transfer has no lock here"));
    Asset asset = record.asset().orElseThrow(() -> outOfOrder("the transfer was unlocked before"));
    EntryBody body =
        journal
            .body(key, LedgerStep.LEDGER_STEP_FINALIZE_LOCK)
            .with(asset, record.account())
            .with("reference", request.getReference())
            .build();
    if (record.state() == RECORD_STATE_EXTINGUISHED) {
      LedgerClaim first = journal.again(tx, body);
      record.remember(tx, key, SIDE);
      return first;
    }
    if (record.isPastExpiry()) {
      throw expired(record);
    }
    if (record.state() == RECORD_STATE_RELEASED) {
      throw outOfOrder("the transfer was unlocked before");
    }
    TransferRecord.update(tx, key, SIDE, RECORD_STATE_EXTINGUISHED);
    if (asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE) {
      holdings.extinguishUnits(tx, asset, record.account());
    } else if (!holdings.extinguishUnique(tx, asset, key.getTransferId())) {
      // The clock was set back after the lock had expired and another transfer had taken the asset.
      throw expired(record);
    }
    return journal.done(tx, key, body);
  }

  /** 3.7. */
  public LedgerClaim recordLocation(Transaction tx, RecordLocationRequest request)
      throws SQLException {
    StepKey key = request.getKey();
    TransferRecord record =
        TransferRecord.hold(tx, key, SIDE)
            .filter(r -> r.state() == RECORD_STATE_EXTINGUISHED)
            .orElseThrow(() -> outOfOrder("the asset is not extinguished"));
    EntryBody body =
        journal
            .body(key, LedgerStep.LEDGER_STEP_RECORD_LOCATION)
            .with(record.heldAsset(), record.account())
            .with("reference", request.getReference())
            .with("remote_dlt_system", request.getRemoteDltSystem())
            .with("remote_transaction_id", request.getRemoteTransactionId())
            .with("remote_block_number", Long.toUnsignedString(request.getRemoteBlockNumber()))
            .build();
    record.remember(tx, key, SIDE);
    Optional<LedgerClaim> first = journal.find(tx, body);
    return first.isPresent() ? first.get() : journal.done(tx, key, body);
  }

  private void lockUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    if (holdings.lockUnits(tx, asset, owner)) {
      return;
    }
    if (releaseExpired(tx, asset, owner) > 0 && holdings.lockUnits(tx, asset, owner)) {
      return;
    }
    throw holdings.whyUnitsNotLocked(tx, asset, owner);
  }

  private record ExpiredLock(StepKey key, BigDecimal amount) {}

  /** Moves units of an account's expired locks back; answers how many locks there were. */
  public int releaseExpired(Transaction tx, Asset asset, String owner) throws SQLException {
    List<ExpiredLock> expired =
        tx.all(
            """
            SELECT transfer_id, epoch, amount FROM transfer_record
            WHERE account = ? AND asset_class = ? AND state = 'LOCKED'
              AND lock_expiry <= ledger_millis()
            ORDER BY transfer_id FOR UPDATE\
            """,
            row ->
                new ExpiredLock(
                    StepKey.newBuilder()
                        .setTransferId(row.getString(1))
                        .setEpoch(row.getLong(2))
                        .build(),
                    row.getBigDecimal(3)),
            owner,
            asset.getAssetClass());
    for (ExpiredLock lock : expired) {
      Asset units = asset.toBuilder().setAmount(lock.amount().toBigInteger().toString()).build();
      TransferRecord.update(tx, lock.key(), SIDE, RECORD_STATE_RELEASED);
      holdings.unlockUnits(tx, units, owner);
      LedgerClaim _ =
          journal.done(
              tx,
              lock.key(),
              journal
                  .body(lock.key(), LedgerStep.LEDGER_STEP_UNLOCK)
                  .with(units, owner)
                  .with("cause", "expiry")
                  .build());
    }
    return expired.size();
  }

  private LedgerClaim release(Transaction tx, StepKey key, TransferRecord record)
      throws SQLException {
    Asset asset = record.heldAsset();
    TransferRecord.update(tx, key, SIDE, RECORD_STATE_RELEASED);
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.unlockUnique(tx, asset, key.getTransferId());
    } else {
      holdings.unlockUnits(tx, asset, record.account());
    }
    return journal.done(
        tx,
        key,
        journal.body(key, LedgerStep.LEDGER_STEP_UNLOCK).with(asset, record.account()).build());
  }

  private static void requireFuture(Transaction tx, long expiry) throws SQLException {
    // The journal's head is a row that is always there; it is not held by reading it.
    long now =
        tx.first("SELECT ledger_millis() FROM journal_head WHERE one = 1", row -> row.getLong(1))
            .orElseThrow();
    if (expiry <= now) {
      throw new RefusedException(Refusal.lockExpired(expiry));
    }
  }

  private static RefusedException expired(TransferRecord record) {
    return new RefusedException(Refusal.lockExpired(record.lockExpiry()));
  }

  private static RefusedException outOfOrder(String description) {
    return new RefusedException(ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER, description);
  }
}
