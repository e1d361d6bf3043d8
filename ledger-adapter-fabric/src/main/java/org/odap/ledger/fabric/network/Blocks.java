package org.odap.ledger.fabric.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;

/**
 * The channel's blocks, by the peer's own system chaincode. The last ones asked for are kept: all
 * steps of a block want it at the same moment, and a block never changes.
 */
public final class Blocks {
  private static final String CHAINCODE = "qscc";

  /** Blocks that steps may still be asking for; a block can have megabytes. */
  private static final int KEPT_MAX = 8;

  private final Peer peer;
  private final ConcurrentMap<Long, CompletableFuture<Indexed>> kept = new ConcurrentHashMap<>();

  public Blocks(Peer peer) {
    this.peer = peer;
  }

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

  private record Indexed(Block block, Map<String, Integer> indexes) {
    static Indexed of(Block block) {
      Map<String, Integer> indexes = new HashMap<>();
      List<ByteString> envelopes = block.getData().getDataList();
      for (int i = 0; i < envelopes.size(); i++) {
        int index = i;
        // The first of an id counts; what is handed in twice can be twice in a block.
        Envelopes.transactionId(envelopes.get(i)).ifPresent(id -> indexes.putIfAbsent(id, index));
      }
      return new Indexed(block, indexes);
    }
  }

  /**
   * A transaction by its id.
   *
   * @param number of its block, where that is known
   */
  public Located transaction(String transactionId, OptionalLong number) throws GatewayException {
    Indexed block =
        number.isPresent()
            ? byNumber(number.getAsLong())
            : keep(Indexed.of(ask("GetBlockByTxID", transactionId)));
    Integer index = block.indexes().get(transactionId);
    if (index == null) {
      throw new PeerException(
          "the peer answered with a block without transaction " + transactionId);
    }
    return new Located(block.block(), index);
  }

  /** How many blocks there are: the number of the next one. */
  public long height() throws GatewayException {
    try {
      return BlockchainInfo.parseFrom(peer.evaluate(call("GetChainInfo"))).getHeight();
    } catch (InvalidProtocolBufferException e) {
      throw new PeerException("the peer answered with something else than its chain's height", e);
    }
  }

  /** One question for all who want the same block. */
  private Indexed byNumber(long number) throws GatewayException {
    CompletableFuture<Indexed> own = new CompletableFuture<>();
    CompletableFuture<Indexed> first = kept.putIfAbsent(number, own);
    if (first != null) {
      try {
        return first.join();
      } catch (CompletionException e) {
        // The one who asked was unlucky, or its caller went away.
        return Indexed.of(ask("GetBlockByNumber", Long.toString(number)));
      }
    }
    try {
      Indexed block = Indexed.of(ask("GetBlockByNumber", Long.toString(number)));
      own.complete(block);
      dropOldest();
      return block;
    } catch (GatewayException | RuntimeException e) {
      kept.remove(number, own);
      own.completeExceptionally(e);
      throw e;
    }
  }

  private Indexed keep(Indexed block) {
    kept.putIfAbsent(
        block.block().getHeader().getNumber(), CompletableFuture.completedFuture(block));
    dropOldest();
    return block;
  }

  private void dropOldest() {
    while (kept.size() > KEPT_MAX) {
      kept.keySet().stream().min(Long::compare).ifPresent(kept::remove);
    }
  }

  private Block ask(String function, String argument) throws GatewayException {
    try {
      return Block.parseFrom(peer.evaluate(call(function, argument)));
    } catch (InvalidProtocolBufferException e) {
      throw new PeerException("the peer answered with an unreadable block", e);
    }
  }

  private Invocation call(String function, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = peer.channelName();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Invocation.of(CHAINCODE, function, all);
  }
}
