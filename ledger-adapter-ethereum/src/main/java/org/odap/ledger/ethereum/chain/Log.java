package org.odap.ledger.ethereum.chain;

import java.util.List;

/** What a contract wrote to the chain's log, and where it stands. */
public record Log(
    String address,
    List<String> topics,
    String data,
    long blockNumber,
    String blockHash,
    String transactionHash,
    long logIndex) {

  public Log {
    topics = List.copyOf(topics);
  }
}
