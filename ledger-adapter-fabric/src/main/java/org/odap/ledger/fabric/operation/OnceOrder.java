package org.odap.ledger.fabric.operation;

import java.util.Optional;
import org.hyperledger.fabric.client.EndorseException;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.submission.Order;

/** A request to a chaincode that knows nothing of requests; once only by its transaction's id. */
record OnceOrder(String requestId, Invocation invocation) implements Order {
  @Override
  public Endorsed endorse(Peer peer, int attempt) throws EndorseException {
    return peer.endorse(peer.proposal(OnceProposal.bytes(peer, requestId, attempt, invocation)));
  }

  @Override
  public Optional<String> fixedTransactionId(Peer peer, int attempt) {
    return Optional.of(OnceProposal.transactionId(peer, requestId, attempt));
  }
}
