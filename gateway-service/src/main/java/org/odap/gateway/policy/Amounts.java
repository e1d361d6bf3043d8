package org.odap.gateway.policy;

import java.math.BigInteger;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;

/** How much an asset counts for rules and limits (ODAP 5.7). */
public final class Amounts {
  private Amounts() {}

  /**
   * The amount; a unique asset counts as 1. The asset has passed the checks of an order or of a
   * proposal: what is no number there counts as more than any limit.
   */
  public static BigInteger of(Asset asset) {
    if (asset.getKind() != AssetKind.ASSET_KIND_FUNGIBLE) {
      return BigInteger.ONE;
    }
    return asset.getAmount().matches("[0-9]{1,78}")
        ? new BigInteger(asset.getAmount())
        : BigInteger.TWO.pow(256);
  }
}
