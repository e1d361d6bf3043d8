package org.odap.ledger.fabric.chaincode;

import java.util.List;
import java.util.stream.Stream;

/**
 * A class of assets: the organization that answers for it, and the further organizations whose
 * gateways may take its assets away and bring them in.
 */
record AssetClass(String assetClass, AssetKind kind, String mspId, List<String> gatewayMspIds) {
  AssetClass {
    gatewayMspIds = List.copyOf(gatewayMspIds);
  }

  boolean mayBeTransferredBy(String gatewayMspId) {
    return mspId.equals(gatewayMspId) || gatewayMspIds.contains(gatewayMspId);
  }

  AssetClass withGateways(String gatewayMspId) {
    return withGatewayMspIds(
        Stream.concat(gatewayMspIds.stream(), Stream.of(gatewayMspId)).distinct().sorted());
  }

  AssetClass withoutGateways(String gatewayMspId) {
    return withGatewayMspIds(gatewayMspIds.stream().filter(id -> !id.equals(gatewayMspId)));
  }

  private AssetClass withGatewayMspIds(Stream<String> ids) {
    return new AssetClass(assetClass, kind, mspId, ids.toList());
  }
}
