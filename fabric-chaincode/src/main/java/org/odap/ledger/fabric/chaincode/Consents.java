package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.function.UnaryOperator;

/**
 * The consents of owners. What an owner says is always written, also where it changes nothing, and
 * never deleted: else a transaction of the owner's that was held back could be valid after a later
 * one, and undo it.
 */
final class Consents {
  private final WorldState state;

  Consents(WorldState state) {
    this.state = state;
  }

  Consent of(String owner, String assetClass) {
    return state.get(Consent.class, Table.CONSENT, owner, assetClass).orElse(Consent.NONE);
  }

  void change(String owner, String assetClass, UnaryOperator<Consent> change) {
    state.put(change.apply(of(owner, assetClass)), Table.CONSENT, owner, assetClass);
  }

  boolean isStanding(String owner, String assetClass, String mspId) {
    return of(owner, assetClass).standing().contains(mspId);
  }

  /** Says whether the owner approved that many units; then that many less are approved. */
  boolean useUp(String owner, String assetClass, BigInteger amount, String mspId) {
    Consent consent = of(owner, assetClass);
    BigInteger approved = consent.amount(mspId);
    if (approved.compareTo(amount) < 0) {
      return false;
    }
    state.put(
        consent.withAmount(mspId, approved.subtract(amount)), Table.CONSENT, owner, assetClass);
    return true;
  }
}
