package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers questions; changes nothing (ODAP 5.10.9, READ). */
final class Readings {
  private static final int HOLDINGS_MAX = 1_000;

  /** A peer cuts a longer list off without a word (ledger.state.totalQueryLimit). */
  private static final int QUERY_RESULTS_MAX = 99_999;

  private final Invocation call;

  Readings(Invocation call) {
    this.call = call;
  }

  String transfer(String transferId) {
    Map<String, Object> sides = new TreeMap<>();
    sides.put(
        "outgoing", call.state().get(Outgoing.class, Table.OUTGOING, transferId).orElse(null));
    sides.put(
        "incoming", call.state().get(Incoming.class, Table.INCOMING, transferId).orElse(null));
    return Json.text(sides);
  }

  String asset(String assetClass, BigInteger id) {
    call.classes().require(assetClass);
    return Json.text(call.holdings().unique().require(assetClass, id));
  }

  String balance(String assetClass, String account) {
    call.classes().require(assetClass);
    Balances balances = call.holdings().balances();
    return Json.text(
        Map.of(
            "free", balances.free(account, assetClass),
            "locked", balances.locked(account, assetClass)));
  }

  String request(String requestId) {
    return Json.text(
        new Issuance(call)
            .find(requestId)
            .orElseThrow(() ->
                Refusals.refused(
                    Reason.STEP_UNKNOWN,
                    "no request " + requestId + " of " + call.caller().mspId())));
  }

  String identity() {
    return Json.text(
        Map.of(
            "account", call.caller().account(),
            "certificateHash", call.caller().certificateHash(),
            "mspId", call.caller().mspId(),
            "roles", call.identities().callersRoles().stream().map(Role::attribute).toList()));
  }

  /** What the account holds: each unique asset, its free units, and its units locked. */
  String holdings(String account) {
    List<Holding> all = new ArrayList<>();
    call.state()
        .scan(
            UniqueAssets.Owned.class,
            (key, owned) -> {
              all.add(unique(account, key[1], new BigInteger(key[2])));
              return all.size() < HOLDINGS_MAX;
            },
            Table.OWNED,
            account);
    freeUnits(account)
        .forEach((assetClass, amount) ->
            all.add(Holding.units(account, assetClass, AssetState.AVAILABLE, amount, "", 0)));
    call.state()
        .scan(
            Units.class,
            (key, units) -> {
              all.add(
                  Holding.units(
                      account,
                      key[1],
                      AssetState.LOCKED,
                      units.amount(),
                      key[2],
                      units.lockExpiry()));
              return all.size() < HOLDINGS_MAX;
            },
            Table.LOCKED,
            account);
    return Json.text(all.stream().limit(HOLDINGS_MAX).toList());
  }

  private Holding unique(String account, String assetClass, BigInteger id) {
    UniqueAsset asset = call.holdings().unique().require(assetClass, id);
    return new Holding(
        assetClass,
        AssetKind.UNIQUE,
        id.toString(),
        "",
        account,
        asset.state(),
        asset.transferId(),
        asset.lockExpiry());
  }

  private Map<String, BigInteger> freeUnits(String account) {
    Map<String, BigInteger> free = new TreeMap<>();
    for (Table table : List.of(Table.BALANCE, Table.CREDIT)) {
      call.state()
          .scan(
              Units.class,
              (key, units) -> {
                free.merge(key[1], units.amount(), BigInteger::add);
                return true;
              },
              table,
              account);
    }
    return free;
  }

  /**
   * All there is of a class on this ledger, locked ones too: units, or the number of unique assets.
   * Reads every asset or account of the ledger.
   */
  String supply(String assetClass) {
    AssetClass found = call.classes().require(assetClass);
    BigInteger supply =
        switch (found.kind()) {
          case UNIQUE -> count(assetClass);
          case FUNGIBLE ->
              unitsIn(Table.BALANCE, assetClass)
                  .add(unitsIn(Table.CREDIT, assetClass))
                  .add(unitsIn(Table.LOCKED, assetClass));
        };
    return Json.text(Map.of("supply", supply));
  }

  private BigInteger count(String assetClass) {
    int[] seen = {0};
    int[] here = {0};
    call.state()
        .scan(
            UniqueAsset.class,
            (key, asset) -> {
              requireWhole(++seen[0]);
              here[0] += asset.here() ? 1 : 0;
              return true;
            },
            Table.ASSET,
            assetClass);
    return BigInteger.valueOf(here[0]);
  }

  private BigInteger unitsIn(Table table, String assetClass) {
    int[] seen = {0};
    BigInteger[] sum = {BigInteger.ZERO};
    call.state()
        .scan(
            Units.class,
            (key, units) -> {
              requireWhole(++seen[0]);
              if (key[1].equals(assetClass)) {
                sum[0] = sum[0].add(units.amount());
              }
              return true;
            },
            table);
    return sum[0];
  }

  private static void requireWhole(int seen) {
    if (seen > QUERY_RESULTS_MAX) {
      throw Refusals.refused(
          Reason.LEDGER_REFUSED,
          "the ledger has more entries than one question can read; count its blocks instead");
    }
  }

  /** What an account holds of one class. */
  record Holding(
      String assetClass,
      AssetKind kind,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String id,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String amount,
      String account,
      AssetState state,
      String transferId,
      long lockExpiry) {

    static Holding units(
        String account,
        String assetClass,
        AssetState state,
        BigInteger amount,
        String transferId,
        long lockExpiry) {
      return new Holding(
          assetClass,
          AssetKind.FUNGIBLE,
          "",
          amount.toString(),
          account,
          state,
          transferId,
          lockExpiry);
    }
  }
}
