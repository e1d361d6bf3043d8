package org.odap.ledger.fabric.chaincode;

import java.util.ArrayList;
import java.util.List;

/**
 * An owner's consent to every lock, by gateways of an organization, of whatever the owner holds of
 * a class. It lasts until it is taken back, and does not cover destroying.
 */
final class StandingConsents {
  private final WorldState state;

  StandingConsents(WorldState state) {
    this.state = state;
  }

  boolean isGiven(String owner, String assetClass, String mspId) {
    return state.get(Consent.class, Table.STANDING_CONSENT, owner, assetClass, mspId).isPresent();
  }

  /** Gives consent; says whether it is new. */
  boolean give(String owner, String assetClass, String mspId) {
    if (isGiven(owner, assetClass, mspId)) {
      return false;
    }
    state.put(new Consent(), Table.STANDING_CONSENT, owner, assetClass, mspId);
    return true;
  }

  /** Takes consent back from every organization; says whether there was any. */
  boolean takeBack(String owner, String assetClass) {
    List<String> mspIds = givenTo(owner, assetClass);
    mspIds.forEach(mspId -> state.delete(Table.STANDING_CONSENT, owner, assetClass, mspId));
    return !mspIds.isEmpty();
  }

  /** The organizations that have it. */
  List<String> givenTo(String owner, String assetClass) {
    List<String> mspIds = new ArrayList<>();
    state.scan(
        Consent.class,
        (key, consent) -> mspIds.add(key[2]),
        Table.STANDING_CONSENT,
        owner,
        assetClass);
    return mspIds;
  }

  /** Everything is in its key. */
  record Consent() {}
}
