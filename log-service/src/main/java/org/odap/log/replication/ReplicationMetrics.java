package org.odap.log.replication;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What is measured of a node of a replicated log. */
public final class ReplicationMetrics {
  /** 1 = this node leads: {@code odap_log_replication_leads}. */
  public static final String LEADS = "odap.log.replication.leads";

  /** Raft's term; it grows with each choice of a leader: {@code odap_log_replication_term}. */
  public static final String TERM = "odap.log.replication.term";

  /** Nodes that keep the log: {@code odap_log_replication_nodes}. */
  public static final String NODES = "odap.log.replication.nodes";

  /**
   * Entries of the Raft log that the node furthest behind lacks, by the word of the node that
   * leads: {@code odap_log_replication_behind_entries}.
   */
  public static final String BEHIND = "odap.log.replication.behind.entries";

  private ReplicationMetrics() {}

  /** Watches a node, started or not. */
  public static void watch(MeterRegistry registry, ReplicatedLog log) {
    gauge(registry, LEADS, "1 = this node leads the log", log, at -> at.leads() ? 1 : 0);
    gauge(registry, TERM, "Raft's term", log, Standing::term);
    gauge(registry, NODES, "Nodes that keep the log", log, at -> at.nodes().size());
    gauge(
        registry,
        BEHIND,
        "Entries of the Raft log that the node furthest behind lacks",
        log,
        at -> at.behindMax().map(Long::doubleValue).orElse(Double.NaN));
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ReplicatedLog log,
      ToDoubleFunction<Standing> value) {
    Gauge.builder(name, () -> value.applyAsDouble(log.standing()))
        .description(description)
        .register(registry);
  }
}
