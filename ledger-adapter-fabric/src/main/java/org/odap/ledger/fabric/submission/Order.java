package org.odap.ledger.fabric.submission;

import java.util.Optional;
import org.hyperledger.fabric.client.EndorseException;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Peer;

/** Something the ledger shall do once. Equal orders are one order. */
public interface Order {
  /**
   * Has the order's transaction endorsed.
   *
   * @param attempt counts from 0; grows when the transaction before was found invalid
   */
  Endorsed endorse(Peer peer, int attempt) throws EndorseException;

  /**
   * The id its transaction has in an attempt, where it is known before: by this the ledger itself
   * tells whether the order was carried out before.
   */
  default Optional<String> fixedTransactionId(Peer peer, int attempt) {
    return Optional.empty();
  }

  /**
   * The transaction that carried the order out, if that was an earlier one than this: the function
   * says so by its result.
   */
  default Optional<String> doneBefore(Endorsed endorsed) {
    return Optional.empty();
  }

  /** Whether a new transaction may be made when one is found invalid. */
  default boolean isRenewable() {
    return true;
  }
}
