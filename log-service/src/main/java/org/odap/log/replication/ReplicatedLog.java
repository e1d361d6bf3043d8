package org.odap.log.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.ErrorReason;
import org.odap.log.store.CommitListener;
import org.odap.log.store.DamagedStoreException;
import org.odap.log.store.LogStore;
import org.odap.log.store.Logs;
import org.odap.log.store.ReplicatedStore;
import org.odap.log.store.StoreException;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node of a replicated log as a part of the service. */
public final class ReplicatedLog implements Part, Logs {
  private static final int STANDING_CHECK_MILLIS = 250;
  private static final Logger log = LoggerFactory.getLogger(ReplicatedLog.class);

  private final ReplicationConfig config;
  private final Path directory;
  private final EntryKeys keys;
  private final TlsMaterial tls;
  private final CommitListener listener;
  private final ServiceHealth health;
  private final ServiceHealth.Condition replication;
  private final List<String> ofLeader;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-clockwork").factory());
  private volatile Optional<Running> running = Optional.empty();

  private record Running(
      ReplicatedStore copy, RaftNode node, Leadership leadership, Founding founding) {}

  /**
   * A node that is not started.
   *
   * @param directory of this node's data
   * @param ofLeader names of the gRPC services that only the node that leads answers
   */
  public ReplicatedLog(
      ReplicationConfig config,
      Path directory,
      EntryKeys keys,
      TlsMaterial tls,
      CommitListener listener,
      ServiceHealth health,
      List<String> ofLeader) {
    this.config = config;
    this.directory = directory;
    this.keys = keys;
    this.tls = tls;
    this.listener = listener;
    this.health = health;
    this.replication = health.condition("replication");
    this.ofLeader = List.copyOf(ofLeader);
    ofLeader.forEach(service -> health.answers(service, false));
  }

  @Override
  public String name() {
    return "replicated log";
  }

  @Override
  public LogStore store() {
    LogStore store = writable();
    try {
      started().node().confirm();
    } catch (StoreException e) {
      throw new OdapException(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, e.getMessage(), e);
    }
    return store;
  }

  @Override
  public LogStore writable() {
    Running node = started();
    return opened().orElseThrow(() -> notHere(node));
  }

  @Override
  public Optional<LogStore> opened() {
    return running
        .filter(node -> node.founding().isDone())
        .flatMap(node -> node.leadership().store());
  }

  private static OdapException notHere(Running node) {
    return new OdapException(
        ErrorReason.ERROR_REASON_LOG_UNAVAILABLE,
        "node %s does not lead the log (%s)"
            .formatted(
                node.node().name(),
                node.node().leader().map(leader -> leader + " does").orElse("none does now")));
  }

  /** How the log stands, as this node sees it. */
  public Standing standing() {
    return running
        .map(node -> node.node().standing())
        .orElseGet(() -> Standing.outside(config.ownName()));
  }

  /**
   * Takes a node in; it is a copy when this returns.
   *
   * @throws OdapException LOG_UNAVAILABLE where this node does not lead, or the node can't be
   *     reached
   */
  public void add(NodeConfig node) {
    changing(raft -> raft.add(node));
  }

  /**
   * Lets a node go.
   *
   * @throws OdapException LOG_UNAVAILABLE where this node does not lead, or the others do not agree
   */
  public void remove(String name) {
    changing(raft -> raft.remove(name));
  }

  /** A change of the nodes. */
  private interface Change {
    void of(RaftNode node) throws IOException;
  }

  private void changing(Change change) {
    LogStore _ = store();
    try {
      change.of(started().node());
    } catch (IOException | StoreException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private Running started() {
    return running.orElseThrow(() -> new IllegalStateException("used before its start"));
  }

  @Override
  public void start() throws DamagedStoreException, IOException {
    ReplicatedStore copy = ReplicatedStore.open(directory, keys);
    Path raftLog = directory.resolve("raft");
    if (Files.notExists(raftLog)) {
      copy.beginAnew();
    }
    Raft raft = new Raft();
    RaftNode node = new RaftNode(config, raftLog, tls, new LogStateMachine(copy, raft));
    Leadership leadership = new Leadership(copy, node, node::leads, listener, this::tellHealth);
    Founding founding = new Founding(config, node, directory);
    raft.leadership.complete(leadership);
    running = Optional.of(new Running(copy, node, leadership, founding));
    node.start();
    founding.start();
    repeat(() -> opened().ifPresent(LogStore::endExpiredLeases), LogStore.EXPIRY_CHECK_MILLIS);
    repeat(this::tellHealth, STANDING_CHECK_MILLIS);
  }

  private void repeat(Runnable task, int pauseMillis) {
    ScheduledFuture<?> _ =
        clockwork.scheduleWithFixedDelay(task, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
  }

  private void tellHealth() {
    Running node = started();
    if (!node.node().isMember() || !node.founding().isDone()) {
      replication.unmet(
          node.founding().isDone()
              ? "waits to be taken in by the other nodes"
              : node.founding().state());
    } else if (node.node().leader().isEmpty()) {
      replication.unmet("no node leads the log");
    } else {
      replication.met();
    }
    boolean leads = opened().isPresent();
    ofLeader.forEach(service -> health.answers(service, leads));
  }

  @Override
  public void stop(Duration limit) throws IOException {
    clockwork.shutdownNow();
    if (running.isEmpty()) {
      return;
    }
    Running node = running.get();
    node.founding().close();
    node.node().handOver(limit.dividedBy(2));
    node.leadership().close();
    node.node().close();
    node.copy().close();
  }

  /** What Raft tells this node. */
  private final class Raft implements LogStateMachine.Listener {
    private final CompletableFuture<Leadership> leadership = new CompletableFuture<>();

    @Override
    public void leads() {
      leadership.join().begin();
    }

    @Override
    public void leadsNoMore() {
      CompletableFuture<Void> _ = leadership.join().end();
    }

    @Override
    public void pause() {
      leadership.join().end().join();
    }

    @Override
    public void failed(Throwable cause) {
      log.atError().setCause(cause).log("this node of the log can't go on");
      health.dead("the node's copy can't be written, a restart is due: " + cause.getMessage());
    }
  }
}
