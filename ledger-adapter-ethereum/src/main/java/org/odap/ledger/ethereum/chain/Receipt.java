package org.odap.ledger.ethereum.chain;

import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What became of a transaction that is in a block of the node's present chain.
 *
 * @param printed the receipt as the node printed it
 */
public record Receipt(
    String transactionHash,
    long transactionIndex,
    long blockNumber,
    String blockHash,
    boolean succeeded,
    BigInteger gasUsed,
    List<Log> logs,
    JsonNode printed) {

  public Receipt {
    logs = List.copyOf(logs);
  }
}
