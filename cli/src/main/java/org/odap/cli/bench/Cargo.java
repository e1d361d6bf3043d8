package org.odap.cli.bench;

import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.cli.system.AssetNames;

/** What the transfers of a bench carry. */
enum Cargo {
  /** One unit of an account's balance. */
  FUNGIBLE(AssetNames.CASH_PROFILE),
  /** An asset of its own for each transfer. */
  UNIQUE(AssetNames.TITLE_PROFILE);

  private final String profile;

  Cargo(String profile) {
    this.profile = profile;
  }

  String profile() {
    return profile;
  }

  /** The asset of the transfer with this number. */
  Asset asset(long number) {
    return switch (this) {
      case FUNGIBLE ->
          Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount("1").build();
      case UNIQUE ->
          Asset.newBuilder()
              .setKind(AssetKind.ASSET_KIND_UNIQUE)
              .setAssetId(Long.toString(number))
              .build();
    };
  }
}
