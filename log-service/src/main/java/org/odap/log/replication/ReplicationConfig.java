package org.odap.log.replication;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** This node of a replicated log, and the nodes it is founded with. */
public record ReplicationConfig(
    @Description("name of this node; left out, the machine's host name") Optional<String> node,
    @Description("address to listen on for the other nodes")
        @Default("127.0.0.1")
        @Bounds(min = "1")
        String bindAddress,
    @Description("port to listen on for the other nodes") @Bounds(min = "1", max = "65535")
        int port,
    @Description("the nodes the log is founded with, the same list on each; the first founds it")
        List<NodeConfig> nodes,
    @Description("nodes without word from a leader for this long, or twice as long, choose another")
        @Default("1s")
        @Bounds(min = "100ms", max = "1m")
        Duration electionTimeout,
    @Description("batches after which a node makes a checkpoint and drops the Raft log before it")
        @Default("20000")
        @Bounds(min = "10", max = "10000000")
        int checkpointBatches)
    implements Checked {

  public ReplicationConfig {
    nodes = List.copyOf(nodes);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (NodeConfig one : nodes) {
      if (!names.add(one.name())) {
        mistakes.add("nodes: name " + one.name() + " twice");
      }
      if (!addresses.add(one.address())) {
        mistakes.add("nodes: address " + one.address() + " twice");
      }
    }
    if (nodes.isEmpty()) {
      mistakes.add("nodes: none (expected: three or five, the same on each node)");
    }
    return mistakes;
  }

  /**
   * This node's name.
   *
   * @throws IllegalStateException when none is given and the machine has no name
   */
  public String ownName() {
    return node.orElseGet(() -> {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        throw new IllegalStateException("replication.node: none, and the machine has no name", e);
      }
    });
  }

  /** Whether this node founds the log, when no node has it. */
  boolean founds() {
    return nodes.getFirst().name().equals(ownName());
  }
}
