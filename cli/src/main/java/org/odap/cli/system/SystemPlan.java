package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A system to be: two organizations, each with a gateway, a log service and a ledger.
 *
 * @param folder where its files go
 * @param inMemory whether SQL ledgers are kept in memory only
 * @param jvmOptions options of each service's JVM
 * @param backups how many gateways stand by on each side for the one that is ordered from
 * @param gatewaySettings what both gateways' configurations say besides
 * @param attesting what the gateways ask of each other's machines; each has a TPM in software for
 *     it
 * @param members those of each ledger, where they sign together what its gateway claims
 * @param logNodes how many nodes keep each side's log together; 1 = alone
 * @param adapters how many replicas of its adapter each ledger has; those of members come besides
 */
public record SystemPlan(
    Path folder,
    Side alpha,
    Side beta,
    boolean inMemory,
    List<String> jvmOptions,
    int backups,
    Map<String, Object> gatewaySettings,
    Attesting attesting,
    Optional<MembersPlan> members,
    int logNodes,
    int adapters) {
  /** JVMs that start fast and stay small. */
  public static final List<String> SMALL = small("256m");

  /** What is to be known of each side's ledger. */
  LedgerPlan ledgers() {
    SqlStorage alone = inMemory ? SqlStorage.MEMORY : SqlStorage.FILE;
    int all = adapters + members.map(MembersPlan::adapters).orElse(0);
    return new LedgerPlan(folder, all > 1 ? SqlStorage.SERVER : alone, jvmOptions, all, false);
  }

  /** Copies the options and settings. */
  public SystemPlan {
    if (adapters > 1 && members.isPresent()) {
      throw new IllegalArgumentException("adapters: value: " + adapters + " (expected: 1)");
    }
    jvmOptions = List.copyOf(jvmOptions);
    gatewaySettings = Map.copyOf(gatewaySettings);
  }

  /** JVMs that start fast, with a heap of at most so much. */
  public static List<String> small(String heap) {
    // Out of memory a process is of no use, and not seen to be so: an end is something to recover
    // from.
    return List.of(
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xmx" + heap);
  }

  /** A plan with gateways as they are by default. */
  public SystemPlan(Path folder, Side alpha, Side beta, boolean inMemory, List<String> jvmOptions) {
    this(folder, alpha, beta, inMemory, jvmOptions, 0, Map.of());
  }

  /** A plan of machines that prove nothing, and of ledgers for which their gateways alone speak. */
  public SystemPlan(
      Path folder,
      Side alpha,
      Side beta,
      boolean inMemory,
      List<String> jvmOptions,
      int backups,
      Map<String, Object> gatewaySettings) {
    this(
        folder,
        alpha,
        beta,
        inMemory,
        jvmOptions,
        backups,
        gatewaySettings,
        Attesting.OFF,
        Optional.empty(),
        1,
        1);
  }

  /** The same, with members who vouch for each ledger. */
  public SystemPlan with(MembersPlan vouching) {
    return changed(attesting, Optional.of(vouching), logNodes, adapters);
  }

  /** The same, with gateways that ask this of each other's machines. */
  public SystemPlan with(Attesting asked) {
    return changed(asked, members, logNodes, adapters);
  }

  /** The same, with logs that so many nodes keep together; 1 = alone. */
  public SystemPlan withLogNodes(int nodes) {
    return changed(attesting, members, nodes, adapters);
  }

  /** The same, with so many replicas of each ledger's adapter. */
  public SystemPlan withAdapters(int replicas) {
    return changed(attesting, members, logNodes, replicas);
  }

  private SystemPlan changed(
      Attesting asked, Optional<MembersPlan> vouching, int nodes, int replicas) {
    return new SystemPlan(
        folder,
        alpha,
        beta,
        inMemory,
        jvmOptions,
        backups,
        gatewaySettings,
        asked,
        vouching,
        nodes,
        replicas);
  }
}
