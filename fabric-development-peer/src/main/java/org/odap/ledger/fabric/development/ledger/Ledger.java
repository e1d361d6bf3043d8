package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.ledger.fabric.development.membership.Membership;

/**
 * A channel's chain and the state it leads to. The chain is the truth: state and index are made
 * from it whenever the ledger is opened.
 *
 * <p>Simulations share the state; a block's commit has it alone. One thread commits.
 */
public final class Ledger implements AutoCloseable {
  private final BlockFile blocks;
  private final TransactionValidator validator;
  private final WorldState state = new WorldState();
  private final ReentrantReadWriteLock stateLock = new ReentrantReadWriteLock();
  private final Map<String, TransactionPlace> transactions = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<TransactionPlace>> awaited =
      new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Block last = Block.getDefaultInstance();
  // Set when a block could not be written: state is then ahead of the chain, and nobody may see it.
  private volatile boolean broken;

  private Ledger(BlockFile blocks, TransactionValidator validator) {
    this.blocks = blocks;
    this.validator = validator;
  }

  /**
   * Opens the chain of a file, which is made if it is not there.
   *
   * @param genesis the first block of a new chain
   */
  public static Ledger open(
      Path file, Block genesis, Membership membership, EndorsementPolicy policy)
      throws IOException {
    Ledger ledger = new Ledger(BlockFile.open(file), new TransactionValidator(membership, policy));
    if (ledger.blocks.height() == 0) {
      ledger.blocks.append(genesis);
    }
    for (long number = 0; number < ledger.blocks.height(); number++) {
      ledger.replay(ledger.blocks.read(number));
    }
    return ledger;
  }

  private void replay(Block block) {
    List<TxValidationCode> flags = flags(block);
    for (int index = 0; index < block.getData().getDataCount(); index++) {
      try {
        EndorsedTransaction transaction = EndorsedTransaction.parse(block.getData().getData(index));
        enter(transaction.id(), new TransactionPlace(number(block), index, flags.get(index)));
        if (flags.get(index) == TxValidationCode.VALID) {
          TransactionValidator.applyWrites(
              transaction, state, new StateVersion(number(block), index));
        }
      } catch (InvalidTransactionException e) {
        // A configuration, or what was flagged when it was committed.
      }
    }
    last = block;
  }

  /** The number of the next block. */
  public long height() {
    return number(last) + 1;
  }

  /** The last block. */
  public Block last() {
    return last;
  }

  public Optional<Block> block(long number) {
    return number >= 0 && number < height() ? Optional.of(blocks.read(number)) : Optional.empty();
  }

  /** Where a transaction was first committed, if it was. */
  public Optional<TransactionPlace> transaction(String id) {
    return Optional.ofNullable(transactions.get(id));
  }

  /** The same, as soon as it is so: perhaps never. */
  public CompletableFuture<TransactionPlace> await(String id) {
    CompletableFuture<TransactionPlace> answer =
        awaited.computeIfAbsent(id, _ -> new CompletableFuture<>());
    // After it was put there: a commit in between is not missed.
    transaction(id)
        .ifPresent(place -> {
          answer.complete(place);
          awaited.remove(id, answer);
        });
    return answer.copy();
  }

  /** Calls after each block, in the committing thread; the answer ends that. */
  public Runnable onBlock(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  public BlockchainInfo info() {
    Block tip = last;
    return BlockchainInfo.newBuilder()
        .setHeight(number(tip) + 1)
        .setCurrentBlockHash(Hashes.hash(tip.getHeader()))
        .setPreviousBlockHash(tip.getHeader().getPreviousHash())
        .build();
  }

  /** Does something with the state, which does not change meanwhile. */
  public <T> T simulate(Function<WorldState, T> simulation) {
    stateLock.readLock().lock();
    try {
      if (broken) {
        throw new IllegalStateException("the chain could not be written: see the log");
      }
      return simulation.apply(state);
    } finally {
      stateLock.readLock().unlock();
    }
  }

  /** Judges the transactions of an ordered block, writes it with their flags, and changes state. */
  public void commit(Block ordered) {
    if (number(ordered) != height()) {
      throw new IllegalStateException(
          "value: block " + number(ordered) + " (expected: " + height() + ")");
    }
    List<Candidate> candidates = candidates(ordered);
    Block block;
    stateLock.writeLock().lock();
    try {
      for (Candidate candidate : candidates) {
        candidate.commit(number(ordered));
      }
      block = flagged(ordered, candidates);
      broken = true;
      blocks.append(block);
      broken = false;
      last = block;
    } finally {
      stateLock.writeLock().unlock();
    }
    candidates.forEach(candidate -> candidate.tell(number(block)));
    listeners.forEach(Runnable::run);
  }

  private List<Candidate> candidates(Block ordered) {
    List<Candidate> candidates = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (ByteString envelope : ordered.getData().getDataList()) {
      Candidate candidate = new Candidate(candidates.size(), envelope);
      candidate.check(ids);
      candidates.add(candidate);
    }
    return candidates;
  }

  /** A transaction of a block that is being committed. */
  private final class Candidate {
    private final int index;
    private final ByteString envelope;
    private Optional<EndorsedTransaction> transaction = Optional.empty();
    private TxValidationCode code = TxValidationCode.VALID;

    Candidate(int index, ByteString envelope) {
      this.index = index;
      this.envelope = envelope;
    }

    void check(Set<String> idsBefore) {
      try {
        EndorsedTransaction parsed = EndorsedTransaction.parse(envelope);
        transaction = Optional.of(parsed);
        validator.checkForm(parsed);
        if (transactions.containsKey(parsed.id()) || !idsBefore.add(parsed.id())) {
          code = TxValidationCode.DUPLICATE_TXID;
          return;
        }
        validator.checkEndorsements(parsed);
      } catch (InvalidTransactionException e) {
        code = e.code();
      }
    }

    void commit(long block) {
      if (code != TxValidationCode.VALID) {
        return;
      }
      try {
        EndorsedTransaction valid = transaction.orElseThrow();
        validator.checkReads(valid, state);
        TransactionValidator.applyWrites(valid, state, new StateVersion(block, index));
      } catch (InvalidTransactionException e) {
        code = e.code();
      }
    }

    void tell(long block) {
      transaction.ifPresent(
          committed -> enter(committed.id(), new TransactionPlace(block, index, code)));
    }
  }

  private void enter(String id, TransactionPlace place) {
    // The first place of an id is what it is known by; a duplicate changes nothing.
    if (transactions.putIfAbsent(id, place) == null) {
      CompletableFuture<TransactionPlace> waiting = awaited.remove(id);
      if (waiting != null) {
        waiting.complete(place);
      }
    }
  }

  private static Block flagged(Block ordered, List<Candidate> candidates) {
    byte[] flags = new byte[candidates.size()];
    candidates.forEach(candidate -> flags[candidate.index] = (byte) candidate.code.getNumber());
    BlockMetadata metadata =
        ordered.getMetadata().toBuilder()
            .setMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE, ByteString.copyFrom(flags))
            .build();
    return ordered.toBuilder().setMetadata(metadata).build();
  }

  /** The events of a block's valid transactions, in their order. */
  public static List<ChaincodeEvent> events(Block block) {
    List<TxValidationCode> flags = flags(block);
    List<ChaincodeEvent> events = new ArrayList<>();
    for (int index = 0; index < flags.size(); index++) {
      if (flags.get(index) == TxValidationCode.VALID) {
        try {
          EndorsedTransaction.parse(block.getData().getData(index)).event().ifPresent(events::add);
        } catch (InvalidTransactionException e) {
          // A configuration.
        }
      }
    }
    return events;
  }

  /** What became of each transaction of a block. */
  public static List<TxValidationCode> flags(Block block) {
    List<TxValidationCode> codes = new ArrayList<>();
    ByteString flags =
        block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
    for (int index = 0; index < block.getData().getDataCount(); index++) {
      codes.add(TxValidationCode.forNumber(Byte.toUnsignedInt(flags.byteAt(index))));
    }
    return codes;
  }

  private static long number(Block block) {
    return block.getHeader().getNumber();
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
