package org.odap.log.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.odap.log.store.ReplicatedStore;

/** Writes the batches of the Raft log to this node's copy, and tells who leads. */
final class LogStateMachine extends BaseStateMachine {
  static final Message WRITTEN = Message.valueOf(ByteString.copyFrom(new byte[] {1}));
  private static final Message LEFT_OUT = Message.valueOf(ByteString.copyFrom(new byte[] {0}));

  /** Is told on Ratis's threads, which must not wait, but for {@link #pause}. */
  interface Listener {
    /** This node leads, and has written all that was before. */
    void leads();

    /** This node leads no longer. */
    void leadsNoMore();

    /** The copy is about to be replaced: returns when nobody reads it any more. */
    void pause();

    /** This node can't go on until it is restarted. */
    void failed(Throwable cause);
  }

  private final ReplicatedStore store;
  private final Listener listener;
  private final Checkpoints checkpoints = new Checkpoints();

  LogStateMachine(ReplicatedStore store, Listener listener) {
    this.store = store;
    this.listener = listener;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(() -> {
          super.initialize(server, group, storage);
          checkpoints.init(storage);
          adopt();
        });
  }

  /** Takes over the newest checkpoint, if it came from another node and is ahead of the copy. */
  private void adopt() {
    checkpoints
        .latest()
        .ifPresent(latest -> {
          if (latest.position().getIndex() > store.position().index()) {
            store.replaceBy(latest.path());
          }
          setLastAppliedTermIndex(latest.position());
        });
  }

  @Override
  public void pause() {
    listener.pause();
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() {
    adopt();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  @Override
  public Checkpoints getStateMachineStorage() {
    return checkpoints;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
      boolean written =
          store.apply(
              entry.getTerm(),
              entry.getIndex(),
              entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(written ? WRITTEN : LEFT_OUT);
    } catch (RuntimeException e) {
      listener.failed(e);
      throw e;
    }
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex position = getLastAppliedTermIndex();
    if (position.getIndex() < 0) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    if (Files.notExists(checkpoints.finished(position))) {
      store.reach(position.getTerm(), position.getIndex());
      store.checkpoint(checkpoints.unfinished(position));
      Files.move(
          checkpoints.unfinished(position),
          checkpoints.finished(position),
          StandardCopyOption.ATOMIC_MOVE);
    }
    return position.getIndex();
  }

  /** A read that returns only where this node still leads. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyLeaderReady() {
    listener.leads();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    listener.leadsNoMore();
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServers) {
    listener.leadsNoMore();
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    listener.failed(cause);
  }
}
