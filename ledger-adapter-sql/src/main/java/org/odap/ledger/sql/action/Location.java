package org.odap.ledger.sql.action;

import org.odap.ledger.sql.asset.Accounts;
import org.odap.runtime.rpc.OdapException;

/**
 * What a location names on this ledger (ODAP 5.3.4): {@code classes/C}, {@code approvals/C/A},
 * {@code data/...}.
 */
sealed interface Location {
  /** A class of assets. */
  record AssetClass(String name) implements Location {}

  /** An owner's consent for a class. */
  record Approval(String assetClass, String account) implements Location {}

  /** The key with which an account's holder signs instructions. */
  record AccountKey(String account) implements Location {}

  /** Data. */
  record Document(String name) implements Location {}

  /** Reads a location; throws FIELD_INVALID. */
  static Location parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 2 && parts[0].equals("classes") && Accounts.isWellFormed(parts[1])) {
      return new AssetClass(parts[1]);
    }
    if (parts.length == 3
        && parts[0].equals("approvals")
        && Accounts.isWellFormed(parts[1])
        && Accounts.isWellFormed(parts[2])) {
      return new Approval(parts[1], parts[2]);
    }
    if (parts.length == 2 && parts[0].equals("keys") && Accounts.isWellFormed(parts[1])) {
      return new AccountKey(parts[1]);
    }
    if (parts.length > 1 && parts[0].equals("data") && !parts[1].isEmpty()) {
      return new Document(text.substring("data/".length()));
    }
    throw OdapException.fieldInvalid(
        "location",
        text,
        "classes/<class>, approvals/<class>/<account>, keys/<account> or data/<name>");
  }
}
