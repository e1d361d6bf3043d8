package org.odap.ledger.fabric.submission;

import java.util.OptionalLong;

/** How far an order is. */
public sealed interface Carried {
  /**
   * A valid transaction in a block did it.
   *
   * @param block its number, where that is known
   */
  record Done(String transactionId, OptionalLong block) implements Carried {}

  /** The chaincode refused it; nothing was changed. The words are its own. */
  record Refused(String words) implements Carried {}

  /** The transaction is on its way. */
  record UnderWay(String transactionId) implements Carried {}
}
