package org.odap.ledger.fabric.submission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.hyperledger.fabric.client.EndorseException;
import org.odap.ledger.fabric.assets.Answers;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;

/**
 * A call of the chaincode with the transfer record, which knows a repeat by itself and answers with
 * the transaction of the first.
 */
public record ChaincodeOrder(Invocation invocation) implements Order {
  @Override
  public Endorsed endorse(Peer peer, int attempt) throws EndorseException {
    return peer.endorse(invocation);
  }

  @Override
  public Optional<String> doneBefore(Endorsed endorsed) {
    return Answers.parse(endorsed.result())
        .map(answer -> answer.path("transactionId"))
        .map(JsonNode::asText)
        .filter(id -> !id.isEmpty());
  }
}
