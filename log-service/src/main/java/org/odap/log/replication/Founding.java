package org.odap.log.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the nodes of the configuration one log, once: the first of them founds it when all others
 * answer that they belong to none, and takes them in one after the other. A node that lost its disk
 * belongs to none either; an operator takes it in again, since a node that forgot what it voted for
 * must not be counted.
 */
final class Founding implements AutoCloseable {
  private static final int PAUSE_MILLIS = 500;
  private static final Logger log = LoggerFactory.getLogger(Founding.class);

  private final ReplicationConfig config;
  private final RaftNode node;
  private final Path done;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-founding").factory());
  private volatile String state = "";

  /**
   * Nothing is done yet.
   *
   * @param directory of this node's data, where it notes what is done
   */
  Founding(ReplicationConfig config, RaftNode node, Path directory) {
    this.config = config;
    this.node = node;
    this.done = directory.resolve("founded");
  }

  /** Begins, on a node that founds; it goes on until the log is founded. */
  void start() {
    if (config.founds() && Files.notExists(done)) {
      again(0);
    }
  }

  /** Whether this node has nothing left to found. */
  boolean isDone() {
    return !config.founds() || Files.exists(done);
  }

  /** What it waits for, for people. */
  String state() {
    return "waits for " + state;
  }

  private void again(int pauseMillis) {
    ScheduledFuture<?> _ = thread.schedule(this::step, pauseMillis, TimeUnit.MILLISECONDS);
  }

  private void step() {
    try {
      if (found()) {
        Files.createFile(done);
        log.atInfo().addKeyValue("nodes", node.members()).log("replicated log founded");
        return;
      }
    } catch (IOException | RuntimeException e) {
      // Ratis throws unchecked ones, too, where it can't reach a node.
      waitsFor("the other nodes: " + e.getMessage());
    }
    again(PAUSE_MILLIS);
  }

  /** One attempt; whether all is done. */
  private boolean found() throws IOException {
    if (!node.isMember()) {
      for (NodeConfig other : others()) {
        if (node.isMember(other)) {
          waitsFor("an operator: node " + other.name() + " keeps this log, and not with this one");
          return false;
        }
      }
      node.found();
    }
    if (!node.leads()) {
      waitsFor("the lead");
      return false;
    }
    for (NodeConfig other : others()) {
      if (!node.members().contains(other.name())) {
        node.checkpoint();
        node.add(other);
      }
    }
    return true;
  }

  private void waitsFor(String what) {
    if (!what.equals(state)) {
      state = what;
      log.atInfo().addKeyValue("waits_for", what).log("replicated log not founded yet");
    }
  }

  private Iterable<NodeConfig> others() {
    return config.nodes().stream().filter(one -> !one.name().equals(config.ownName())).toList();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
