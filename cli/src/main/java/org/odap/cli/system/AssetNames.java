package org.odap.cli.system;

/**
 * What a ledger calls the two asset profiles of a system.
 *
 * @param title class of the unique asset
 * @param cash class of the fungible asset
 */
public record AssetNames(String title, String cash) {
  /** Profile of a unique asset. */
  public static final String TITLE_PROFILE = "urn:odap:profile:land-title";

  /** Profile of a fungible asset. */
  public static final String CASH_PROFILE = "urn:odap:profile:euro-cash";

  /** On a ledger where classes have the names they are given. */
  static final AssetNames GIVEN = new AssetNames("land-title", "euro-cash");
}
