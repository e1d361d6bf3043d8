package org.odap.ledger.fabric.chaincode;

import java.util.Locale;

/**
 * The kinds of state, each with the segments of its keys. Whatever belongs to one asset, account or
 * transfer has a key of its own, so that transfers of different assets never conflict.
 */
enum Table {
  /** (class): its kind, whose it is, and whose gateways may transfer it. */
  CLASS,
  /** (class, id): a unique asset. */
  ASSET,
  /** (account, class, id): that the account owns this unique asset. */
  OWNED,
  /** (account, class): free units, without the credits that were not added up yet. */
  BALANCE,
  /** (account, class, transaction id): units that came to the account by this transaction. */
  CREDIT,
  /** (account, class, transfer id): units of the account locked for the transfer. */
  LOCKED,
  /** (account, class): what the account's owner consents to. */
  CONSENT,
  /** (transfer id): the sender's side of a transfer. */
  OUTGOING,
  /** (transfer id): the recipient's side of a transfer. */
  INCOMING,
  /** (MSP id, request id): an asset created or destroyed outside of transfers. */
  REQUEST,
  /** (role, MSP id, SHA-256 of a certificate): that its holder has the role. */
  IDENTITY;

  String objectType() {
    return name().toLowerCase(Locale.ROOT);
  }
}
