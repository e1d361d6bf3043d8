package org.odap.log.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.WriteBatch;

/**
 * One node's copy of a replicated log: a database that takes the same batches in the same order as
 * those of the other nodes. The node that leads judges changes by it, as a {@link LogStore}.
 *
 * <p>A batch is written if its number is the last one's plus 1, else left out, and so on every
 * node: {@code position.number} = number of batches written. It is not synced: after a power cut
 * the Raft log, which is, brings back what was lost since the last checkpoint.
 */
public final class ReplicatedStore implements AutoCloseable {
  private final StoreFiles files;
  private final EntryKeys keys;
  private volatile Database database;
  private volatile ReplicatedPosition position;

  /**
   * Opens or creates a node's copy, and verifies all of it.
   *
   * @param keys for entries at rest; the same on each node
   * @throws DamagedStoreException when it is not as it was written: the way back is an empty node
   *     in its place
   */
  public static ReplicatedStore open(Path directory, EntryKeys keys) throws DamagedStoreException {
    StoreFiles files = new StoreFiles(directory);
    DatabaseExchange.finish(files);
    Opened opened = Opened.of(files, keys);
    try {
      if (!opened.report().damages().isEmpty()) {
        throw new DamagedStoreException(opened.report().damages());
      }
      opened.register().addActive();
      return new ReplicatedStore(files, keys, opened.database());
    } catch (DamagedStoreException | RuntimeException e) {
      opened.database().close();
      throw e;
    }
  }

  private ReplicatedStore(StoreFiles files, EntryKeys keys, Database database) {
    this.files = files;
    this.keys = keys;
    this.database = database;
    this.position = readPosition(database);
  }

  private static ReplicatedPosition readPosition(Database database) {
    return database
        .get(Database.Family.REPLICATION, ReplicatedPosition.KEY)
        .map(sealed ->
            ReplicatedPosition.open(sealed)
                .orElseThrow(
                    () -> new StoreException("the checksum of the node's position is wrong", true)))
        .orElse(ReplicatedPosition.NONE);
  }

  /** How far this node has come. */
  public ReplicatedPosition position() {
    return position;
  }

  /**
   * Writes a batch that a majority has, unless this node did before. Called in the order of the
   * Raft log.
   *
   * @return whether it is written; false when its number is not the next one
   */
  public boolean apply(long term, long index, ByteBuffer batch) {
    ReplicatedPosition last = position;
    if (index <= last.index()) {
      return true;
    }
    if (NumberedBatch.number(batch) != last.number() + 1) {
      return false;
    }
    write(new ReplicatedPosition(term, index, last.number() + 1), NumberedBatch.writes(batch));
    return true;
  }

  /**
   * Notes that the Raft log has come further, by entries that are no batches: a checkpoint then
   * says so too.
   */
  public void reach(long term, long index) {
    if (index > position.index()) {
      write(new ReplicatedPosition(term, index, position.number()), new WriteBatch());
    }
  }

  /** Forgets how far the Raft log had come: this node is about to follow another one. */
  public void beginAnew() {
    write(
        new ReplicatedPosition(0, ReplicatedPosition.NONE.index(), position.number()),
        new WriteBatch());
  }

  private void write(ReplicatedPosition next, WriteBatch batch) {
    try (batch) {
      database.put(batch, Database.Family.REPLICATION, ReplicatedPosition.KEY, next.seal());
      database.writeUnsynced(batch);
    }
    position = next;
  }

  /**
   * The store as this node leads it. To be closed before the next is made, and before this store is
   * closed or replaced.
   *
   * @throws StoreException when this node leads no longer
   */
  public LogStore lead(Replicator replicator, LongSupplier nanoTime, CommitListener listener) {
    Replication replication = Replication.begin(this, replicator);
    Verification.Report report = Verification.ofHeads(database);
    if (!report.damages().isEmpty()) {
      throw new StoreException(report.damages().getFirst().toString(), true);
    }
    return new LogStore(
        files, database, replication, report, nanoTime, listener, UnaryOperator.identity());
  }

  /** Writes a copy of all there is, durable, to a folder that does not exist yet. */
  public void checkpoint(Path target) {
    database.checkpoint(target);
  }

  /** Takes over a checkpoint of another node, which stays as it is, for all that is here. */
  public void replaceBy(Path checkpoint) {
    DatabaseExchange.prepare(files, checkpoint);
    database.close();
    DatabaseExchange.carryOut(files);
    database = Database.open(files.database(), keys);
    position = readPosition(database);
  }

  @Override
  public void close() {
    database.close();
  }
}
