package org.odap.attestation.participant;

import com.google.protobuf.Message;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.storage.v1.GivenSignature;
import org.odap.api.storage.v1.SignedStep;
import org.odap.api.storage.v1.SignedTransfer;
import org.odap.api.storage.v1.SignedTx;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.store.RecordStore;
import org.odap.attestation.store.RecordStore.Place;
import org.odap.quorum.Signed;
import org.odap.runtime.rpc.OdapException;

/**
 * What this participant signed, on disk before anyone learns of it: one thing for each transfer and
 * step, nothing that contradicts another, and always of the same tx; and the first step of a tx in
 * one transfer only, whichever gateways bring it (IT V.C), unless the ledger has undone that one.
 */
final class Memory {
  /**
   * What must not have been signed before a step. An asset that was released is not locked and not
   * extinguished; one that was extinguished is not released. What was withdrawn is not announced
   * and not created; what was created is not withdrawn. To release after a lock is fair, and to
   * withdraw after an announcement.
   */
  private static final Map<LedgerStep, Set<LedgerStep>> EXCLUDED_BY =
      new EnumMap<>(
          Map.of(
              LedgerStep.LEDGER_STEP_LOCK, Set.of(LedgerStep.LEDGER_STEP_UNLOCK),
              LedgerStep.LEDGER_STEP_FINALIZE_LOCK, Set.of(LedgerStep.LEDGER_STEP_UNLOCK),
              LedgerStep.LEDGER_STEP_RECORD_LOCATION, Set.of(LedgerStep.LEDGER_STEP_UNLOCK),
              LedgerStep.LEDGER_STEP_UNLOCK,
                  Set.of(
                      LedgerStep.LEDGER_STEP_FINALIZE_LOCK, LedgerStep.LEDGER_STEP_RECORD_LOCATION),
              LedgerStep.LEDGER_STEP_LOG_INCOMING, Set.of(LedgerStep.LEDGER_STEP_WITHDRAW),
              LedgerStep.LEDGER_STEP_CREATE, Set.of(LedgerStep.LEDGER_STEP_WITHDRAW),
              LedgerStep.LEDGER_STEP_WITHDRAW, Set.of(LedgerStep.LEDGER_STEP_CREATE)));

  /** By which a tx begins on a ledger. */
  private static final Set<LedgerStep> FIRST =
      Set.of(LedgerStep.LEDGER_STEP_LOCK, LedgerStep.LEDGER_STEP_LOG_INCOMING);

  private static final int LOCKS = 64;

  private final Supplier<RecordStore> store;
  private final Object[] locks =
      IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray(Object[]::new);

  Memory(Supplier<RecordStore> store) {
    this.store = store;
  }

  /**
   * What was given for a statement with a key before, if it was.
   *
   * @throws OdapException STEP_CONFLICT when something was signed that stands against it
   */
  Optional<ParticipantSignature> given(String keyId, Statement statement) {
    return store
        .get()
        .get(Records.TRANSFERS, statement.getTransferId())
        .flatMap(transfer -> given(transfer, keyId, statement));
  }

  private static Optional<ParticipantSignature> given(
      SignedTransfer transfer, String keyId, Statement statement) {
    LedgerStep step = statement.getClaim().getStep();
    if (!transfer.getHashTx().equals(statement.getHashTx())) {
      throw conflict("signed before for this transfer: another tx, " + transfer.getHashTx());
    }
    for (SignedStep signed : transfer.getStepsList()) {
      if (EXCLUDED_BY.getOrDefault(step, Set.of()).contains(signed.getStep())) {
        throw conflict("signed before for this transfer: " + signed.getStep());
      }
    }
    Optional<SignedStep> same = step(transfer, step);
    if (same.isPresent() && !same.get().getHashStatement().equals(Signed.hash(statement))) {
      throw conflict("signed before for this transfer and step: another statement");
    }
    return same.stream()
        .flatMap(signed -> signed.getGivenList().stream())
        .filter(given -> given.getKeyId().equals(keyId))
        .map(GivenSignature::getSignature)
        .findFirst();
  }

  /** The other transfer in which the tx of a first step was signed, if it was. */
  Optional<String> otherTransfer(Statement statement) {
    return FIRST.contains(statement.getClaim().getStep())
        ? store
            .get()
            .get(Records.TXS, statement.getHashTx())
            .map(SignedTx::getTransferId)
            .filter(other -> !other.equals(statement.getTransferId()))
        : Optional.empty();
  }

  /**
   * Gives a signature, once: what was given before for the same statement and key is given again.
   * On disk when this returns.
   *
   * @param undone the transfer of the same tx that the ledger has undone, if there is one
   * @throws OdapException STEP_CONFLICT when something was signed that stands against it,
   *     TX_IN_ANOTHER_TRANSFER when the tx was signed in another transfer
   */
  ParticipantSignature give(
      String keyId,
      Statement statement,
      Optional<String> undone,
      Supplier<ParticipantSignature> signature) {
    String id = statement.getTransferId();
    // By the tx, whose transfers must not pass each other; a transfer has one.
    synchronized (locks[Math.floorMod(statement.getHashTx().hashCode(), LOCKS)]) {
      Optional<String> other = otherTransfer(statement);
      if (other.isPresent() && !other.equals(undone)) {
        throw inAnother(other.get());
      }
      Optional<ParticipantSignature> before = given(keyId, statement);
      if (before.isPresent()) {
        return before.get();
      }
      ParticipantSignature made = signature.get();
      SignedTransfer.Builder transfer =
          store
              .get()
              .get(Records.TRANSFERS, id)
              .map(SignedTransfer::toBuilder)
              .orElseGet(() -> SignedTransfer.newBuilder().setHashTx(statement.getHashTx()));
      step(transfer, statement)
          .addGiven(GivenSignature.newBuilder().setKeyId(keyId).setSignature(made));
      Map<Place, Message> records = new HashMap<>();
      records.put(Records.TRANSFERS.place(id), transfer.build());
      if (FIRST.contains(statement.getClaim().getStep())) {
        records.put(
            Records.TXS.place(statement.getHashTx()),
            SignedTx.newBuilder().setTransferId(id).build());
      }
      store.get().put(records);
      return made;
    }
  }

  private static SignedStep.Builder step(SignedTransfer.Builder transfer, Statement statement) {
    LedgerStep step = statement.getClaim().getStep();
    return transfer.getStepsBuilderList().stream()
        .filter(signed -> signed.getStep() == step)
        .findFirst()
        .orElseGet(() ->
            transfer.addStepsBuilder().setStep(step).setHashStatement(Signed.hash(statement)));
  }

  private static Optional<SignedStep> step(SignedTransfer transfer, LedgerStep step) {
    return transfer.getStepsList().stream().filter(one -> one.getStep() == step).findFirst();
  }

  /** What is said where a tx was signed in another transfer. */
  static OdapException inAnother(String transferId) {
    return new OdapException(
        ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER,
        "signed before for the same tx: transfer " + transferId);
  }

  private static OdapException conflict(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_STEP_CONFLICT, why);
  }
}
