package org.odap.ledger.fabric.network;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;

/** A transaction that peers endorsed. Its bytes, once handed in, stay the same for ever. */
public record Endorsed(Transaction transaction) {

  /** The transaction's id. */
  public String transactionId() {
    return transaction.getTransactionId();
  }

  /** What the function answered, as text. */
  public String result() {
    return new String(transaction.getResult(), StandardCharsets.UTF_8);
  }

  /** Whether the ledger would be changed by it; otherwise its result is all there is to it. */
  public boolean changesAnything() {
    return content().writesAnything();
  }

  /** What it says, as a block holds it. */
  public Envelopes.Content content() {
    try {
      return Envelopes.read(PreparedTransaction.parseFrom(transaction.getBytes()).getEnvelope());
    } catch (InvalidProtocolBufferException e) {
      throw new PeerException("the peer answered with something else than a transaction", e);
    }
  }
}
