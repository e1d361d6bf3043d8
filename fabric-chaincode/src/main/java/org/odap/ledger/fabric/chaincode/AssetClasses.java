package org.odap.ledger.fabric.chaincode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The classes of assets on this channel. */
final class AssetClasses {
  private final WorldState state;
  private final Identities identities;

  AssetClasses(WorldState state, Identities identities) {
    this.state = state;
    this.identities = identities;
  }

  AssetClass require(String assetClass) {
    return state
        .get(AssetClass.class, Table.CLASS, assetClass)
        .orElseThrow(() -> Refusals.classUnknown(assetClass));
  }

  /** The class, which this gateway's organization may transfer. */
  AssetClass requireTransferable(String assetClass) {
    AssetClass found = require(assetClass);
    if (!found.mayBeTransferredBy(identities.caller().mspId())) {
      throw Refusals.denied(
          "gateways of value: "
              + identities.caller().mspId()
              + " (expected: "
              + found.mspId()
              + ", or an MSP that it allowed) may not transfer assets of class "
              + assetClass
              + "; have an administrator of "
              + found.mspId()
              + " allow them");
    }
    return found;
  }

  /** The class, whose assets this issuer's organization may create and destroy. */
  AssetClass requireOwn(String assetClass, Role role) {
    AssetClass found = require(assetClass);
    identities.require(role, found.mspId(), "class " + assetClass);
    return found;
  }

  /** Defines a class for the administrator's organization; says whether it is new. */
  boolean define(String assetClass, AssetKind kind) {
    identities.require(Role.ADMIN);
    AssetClass wanted = new AssetClass(assetClass, kind, identities.caller().mspId(), List.of());
    Optional<AssetClass> known = state.get(AssetClass.class, Table.CLASS, assetClass);
    if (known.isEmpty()) {
      state.put(wanted, Table.CLASS, assetClass);
      return true;
    }
    AssetClass present = known.get();
    if (present.kind() != kind || !present.mspId().equals(wanted.mspId())) {
      throw Refusals.refused(
          Reason.LEDGER_REFUSED,
          "class "
              + assetClass
              + " is defined as value: "
              + present.kind()
              + " of "
              + present.mspId()
              + " (expected: "
              + kind
              + " of "
              + wanted.mspId()
              + "); choose another name");
    }
    return false;
  }

  /** Lets an organization's gateways transfer assets of the class; says whether that is new. */
  boolean allowGateways(String assetClass, String mspId) {
    AssetClass present = requireOwn(assetClass, Role.ADMIN);
    return changed(present, present.withGateways(mspId));
  }

  /**
   * Keeps an organization's gateways from beginning transfers with assets of the class; those begun
   * can be ended, because the asset is on its way. Says whether that is new.
   */
  boolean forbidGateways(String assetClass, String mspId) {
    AssetClass present = requireOwn(assetClass, Role.ADMIN);
    return changed(present, present.withoutGateways(mspId));
  }

  /** Written in any case: a held-back transaction must not be valid after a later one. */
  private boolean changed(AssetClass before, AssetClass after) {
    state.put(after, Table.CLASS, after.assetClass());
    return !after.equals(before);
  }

  List<AssetClass> all() {
    List<AssetClass> all = new ArrayList<>();
    state.scan(AssetClass.class, (key, found) -> all.add(found), Table.CLASS);
    return all;
  }
}
