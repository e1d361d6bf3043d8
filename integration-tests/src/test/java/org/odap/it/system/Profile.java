package org.odap.it.system;

import java.util.Locale;
import org.odap.api.common.v1.AssetKind;

/** The asset profiles of the stories. */
public enum Profile {
  /** A unique asset anybody takes. */
  TITLE(AssetKind.ASSET_KIND_UNIQUE),
  /** A fungible asset anybody takes. */
  CASH(AssetKind.ASSET_KIND_FUNGIBLE),
  /** A unique asset a recipient takes when one of its clients approves. */
  ART(AssetKind.ASSET_KIND_UNIQUE),
  /** A fungible asset no recipient takes. */
  ARMS(AssetKind.ASSET_KIND_FUNGIBLE),
  /**
   * A fungible asset whose orders and proposals two persons approve, where there is enough of it.
   */
  GOLD(AssetKind.ASSET_KIND_FUNGIBLE),
  /** A fungible asset that nobody moves without travel-rule data. */
  WIRE(AssetKind.ASSET_KIND_FUNGIBLE),
  /** A fungible asset only the first organization has heard of. */
  NOVELTY(AssetKind.ASSET_KIND_FUNGIBLE);

  private final AssetKind kind;

  Profile(AssetKind kind) {
    this.kind = kind;
  }

  /** Its id between gateways. */
  public String id() {
    return "urn:example:" + name().toLowerCase(Locale.ROOT);
  }

  /** Unique or fungible. */
  public AssetKind kind() {
    return kind;
  }

  /** What each ledger calls its assets. */
  public String assetClass() {
    return kind == AssetKind.ASSET_KIND_UNIQUE ? "titles" : "cash";
  }

  String json() {
    return """
    {
      "profile_id": "%s",
      "profile_version": "1",
      "kind": "%s",
      "issuer": "Example Registry",
      "asset_code": "%s"
    }
    """
        .formatted(id(), kind, name());
  }
}
