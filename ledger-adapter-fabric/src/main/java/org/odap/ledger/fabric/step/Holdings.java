package org.odap.ledger.fabric.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.RecordState;
import org.odap.ledger.fabric.assets.AssetChaincode;

/** Who holds what on this ledger (ODAP 5.10.9), as the chaincode tells it. */
record Holdings(AssetChaincode chaincode) {
  private static final int HOLDINGS_MAX = 1_000;

  /** A unique asset with its holder. */
  Holding ofUnique(Asset asset) throws GatewayException {
    JsonNode told = chaincode.asset(asset.getAssetClass(), asset.getAssetId());
    return holding(told)
        .setAssetClass(asset.getAssetClass())
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetId(asset.getAssetId())
        .setAccount(told.path("owner").asText())
        .build();
  }

  /** What an account has of a fungible class: the free units, then each locked amount. */
  List<Holding> ofFungible(Asset asset, String account) throws GatewayException {
    JsonNode balance = chaincode.balance(asset.getAssetClass(), account);
    Holding free =
        Holding.newBuilder()
            .setAssetClass(asset.getAssetClass())
            .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
            .setAmount(balance.path("free").asText("0"))
            .setAccount(account)
            .setState(RecordState.RECORD_STATE_AVAILABLE)
            .build();
    Stream<Holding> locked =
        balance.path("locked").asText("0").equals("0")
            ? Stream.empty()
            : of(account).stream()
                .filter(row -> row.getAssetClass().equals(asset.getAssetClass()))
                .filter(row -> row.getState() == RecordState.RECORD_STATE_LOCKED);
    return Stream.concat(Stream.of(free), locked).limit(HOLDINGS_MAX).toList();
  }

  /** What an account has of every class. */
  List<Holding> of(String account) throws GatewayException {
    List<Holding> holdings = new ArrayList<>();
    for (JsonNode told : chaincode.holdings(account)) {
      holdings.add(
          holding(told)
              .setAssetClass(told.path("assetClass").asText())
              .setKind(AssetChaincode.kind(told.path("kind").asText()))
              .setAssetId(told.path("id").asText())
              .setAmount(told.path("amount").asText())
              .setAccount(account)
              .build());
    }
    return holdings.subList(0, Math.min(holdings.size(), HOLDINGS_MAX));
  }

  private static Holding.Builder holding(JsonNode told) {
    boolean isLocked = told.path("state").asText().equals("LOCKED");
    Holding.Builder holding =
        Holding.newBuilder()
            .setState(
                isLocked ? RecordState.RECORD_STATE_LOCKED : RecordState.RECORD_STATE_AVAILABLE);
    return isLocked
        ? holding
            .setTransferId(told.path("transferId").asText())
            .setLockExpiry(told.path("lockExpiry").asLong())
        : holding;
  }
}
