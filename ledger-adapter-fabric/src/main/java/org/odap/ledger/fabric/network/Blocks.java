package org.odap.ledger.fabric.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;

/** The channel's blocks, by the peer's own system chaincode. */
public record Blocks(Peer peer) {
  private static final String CHAINCODE = "qscc";

  /** A transaction and its place. */
  public record Located(Block block, int index) {
    /** The transaction. */
    public Envelopes.Content content() {
      try {
        return Envelopes.read(Envelope.parseFrom(block.getData().getData(index)));
      } catch (InvalidProtocolBufferException e) {
        throw new PeerException("the peer answered with an unreadable transaction", e);
      }
    }

    /** The peer's verdict on it, a number of {@code TxValidationCode}. */
    public int verdict() {
      return block
          .getMetadata()
          .getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE)
          .byteAt(index);
    }
  }

  /** The first block with a transaction of this id. */
  public Located transaction(String transactionId) throws GatewayException {
    byte[] answer = peer.evaluate(call("GetBlockByTxID", transactionId));
    try {
      Block block = Block.parseFrom(answer);
      List<ByteString> envelopes = block.getData().getDataList();
      for (int i = 0; i < envelopes.size(); i++) {
        if (Envelopes.transactionId(Envelope.parseFrom(envelopes.get(i)))
            .filter(transactionId::equals)
            .isPresent()) {
          return new Located(block, i);
        }
      }
      throw new PeerException(
          "the peer answered with a block without transaction " + transactionId);
    } catch (InvalidProtocolBufferException e) {
      throw new PeerException("the peer answered with an unreadable block", e);
    }
  }

  /** How many blocks there are: the number of the next one. */
  public long height() throws GatewayException {
    try {
      return BlockchainInfo.parseFrom(peer.evaluate(call("GetChainInfo"))).getHeight();
    } catch (InvalidProtocolBufferException e) {
      throw new PeerException("the peer answered with something else than its chain's height", e);
    }
  }

  private Invocation call(String function, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = peer.channelName();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Invocation.of(CHAINCODE, function, all);
  }
}
