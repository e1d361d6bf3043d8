package org.odap.ledger.ethereum.step;

import java.util.ArrayList;
import java.util.List;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Log;

/**
 * Looks for events over the whole life of the escrow.
 *
 * @param startBlock nothing of interest lies before it
 */
record LogScan(Chain chain, long startBlock) {
  /** Nodes of others refuse wider ranges. */
  static final long BLOCKS_PER_QUESTION = 5_000;

  /** Events from the first to the latest block, in the chain's order. */
  List<Log> all(List<String> addresses, List<List<String>> topics) {
    return between(addresses, topics, startBlock, chain.blockNumber());
  }

  List<Log> between(
      List<String> addresses, List<List<String>> topics, long fromBlock, long toBlock) {
    List<Log> logs = new ArrayList<>();
    for (long from = fromBlock; from <= toBlock; from += BLOCKS_PER_QUESTION) {
      long to = Math.min(toBlock, from + BLOCKS_PER_QUESTION - 1);
      logs.addAll(chain.logs(addresses, topics, from, to));
    }
    return logs;
  }
}
