package org.odap.ledger.ethereum.step;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.RecordState;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.Outgoing;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.web3j.utils.Numeric;

/** Who holds what on this ledger (ODAP 5.10.9): free in the token, or locked in the escrow. */
record Holdings(EscrowView view, Tokens tokens) {
  private static final int HOLDINGS_MAX = 1_000;

  /** A unique asset with its holder; empty where it does not exist here. */
  Optional<Holding> ofUnique(Address token, BigInteger id) {
    Optional<Address> owner = tokens.ownerOf(token, id);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    if (!owner.get().equals(view.escrow().address())) {
      return Optional.of(
          uniqueOf(token, id, owner.get()).setState(RecordState.RECORD_STATE_AVAILABLE).build());
    }
    // The escrow's own are locked, or extinguished into the vault: those are not on this ledger.
    return view.escrow().lockHolder(token, id).map(transfer -> locked(token, transfer));
  }

  /** What an account has of a fungible class: the free units, then each locked amount. */
  List<Holding> ofFungible(Address token, Address account) {
    List<Holding> holdings = new ArrayList<>();
    BigInteger free = tokens.balanceOf(token, account);
    holdings.add(
        Holding.newBuilder()
            .setAssetClass(token.text())
            .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
            .setAmount(free.toString())
            .setAccount(account.text())
            .setState(RecordState.RECORD_STATE_AVAILABLE)
            .build());
    holdings.addAll(lockedOf(token, account));
    return bounded(holdings);
  }

  /** What an account has of every class. */
  List<Holding> of(Address account) {
    List<Holding> holdings = new ArrayList<>();
    for (Address token : view.escrow().enrolledTokens()) {
      if (view.isOfKind(token, AssetKind.ASSET_KIND_FUNGIBLE)) {
        ofFungible(token, account).stream()
            .filter(holding -> !holding.getAmount().equals("0"))
            .forEach(holdings::add);
      } else {
        holdings.addAll(uniqueOf(token, account));
        holdings.addAll(lockedOf(token, account));
      }
    }
    return bounded(holdings);
  }

  /** ERC-721 has no list of an account's assets: every arrival is looked at, most recent last. */
  private List<Holding> uniqueOf(Address token, Address account) {
    List<List<String>> arrivals =
        List.of(List.of(Tokens.TRANSFER), List.of(), List.of(topic(account)));
    Set<BigInteger> ids = new LinkedHashSet<>();
    for (Log log : view.scan().all(List.of(token.text()), arrivals)) {
      if (log.topics().size() == 4) {
        ids.add(Numeric.toBigInt(log.topics().get(3)));
      }
    }
    List<Holding> holdings = new ArrayList<>();
    for (BigInteger id : ids) {
      if (tokens.ownerOf(token, id).filter(account::equals).isPresent()) {
        holdings.add(
            uniqueOf(token, id, account).setState(RecordState.RECORD_STATE_AVAILABLE).build());
      }
    }
    return holdings;
  }

  private List<Holding> lockedOf(Address token, Address account) {
    List<List<String>> locks =
        List.of(
            List.of(EscrowEvents.topic(LedgerStep.LEDGER_STEP_LOCK)),
            List.of(),
            List.of(topic(token)),
            List.of(topic(account)));
    List<Holding> holdings = new ArrayList<>();
    for (Log log : view.scan().all(List.of(view.escrow().address().text()), locks)) {
      Optional<TransferId> transfer = TransferId.ofTopic(log.topics().get(1));
      if (transfer.isPresent() && isLocked(transfer.get())) {
        holdings.add(locked(token, transfer.get()));
      }
    }
    return holdings;
  }

  private boolean isLocked(TransferId transfer) {
    return view.escrow().transferOf(transfer).sent().state() == Outgoing.State.LOCKED;
  }

  private Holding locked(Address token, TransferId transfer) {
    Outgoing sent = view.escrow().transferOf(transfer).sent();
    Asset asset = view.asset(token, sent.idOrAmount());
    return Holding.newBuilder()
        .setAssetClass(token.text())
        .setKind(asset.getKind())
        .setAssetId(asset.getAssetId())
        .setAmount(asset.getAmount())
        .setAccount(sent.owner().text())
        .setState(RecordState.RECORD_STATE_LOCKED)
        .setTransferId(transfer.toString())
        .setLockExpiry(sent.expiryMillis())
        .build();
  }

  private static Holding.Builder uniqueOf(Address token, BigInteger id, Address owner) {
    return Holding.newBuilder()
        .setAssetClass(token.text())
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetId(id.toString())
        .setAccount(owner.text());
  }

  private static List<Holding> bounded(List<Holding> holdings) {
    return holdings.subList(0, Math.min(holdings.size(), HOLDINGS_MAX));
  }

  static String topic(Address address) {
    return "0x" + "0".repeat(24) + address.text().substring(2).toLowerCase(Locale.ROOT);
  }
}
