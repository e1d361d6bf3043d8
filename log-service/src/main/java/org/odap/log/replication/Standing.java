package org.odap.log.replication;

import java.util.List;
import java.util.Optional;

/**
 * How a replicated log stands, as one of its nodes sees it.
 *
 * @param name of the node that says so
 * @param leads whether it leads
 * @param term of Raft; grows with each choice of a leader
 * @param appliedIndex last entry of the Raft log that it has written; -1 = none
 * @param nodes all that keep the log; empty when this one does not
 */
public record Standing(String name, boolean leads, long term, long appliedIndex, List<Node> nodes) {
  /**
   * A node.
   *
   * @param leads whether it leads, as far as is known
   * @param appliedIndex last entry of the Raft log it is known to have; only who leads knows it of
   *     others
   */
  public record Node(String name, String address, boolean leads, Optional<Long> appliedIndex) {}

  /** Of a node that is not taken in. */
  static Standing outside(String name) {
    return new Standing(name, false, 0, -1, List.of());
  }

  /** Entries that the node furthest behind has not yet; nothing where this is not known. */
  public Optional<Long> behindMax() {
    return nodes.stream()
        .flatMap(node -> node.appliedIndex().stream())
        .map(at -> Math.max(0, appliedIndex - at))
        .max(Long::compare)
        .filter(behind -> leads);
  }
}
