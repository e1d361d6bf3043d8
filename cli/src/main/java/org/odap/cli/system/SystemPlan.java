package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;

/**
 * A system to be: two organizations, each with a gateway, a log service and a ledger.
 *
 * @param folder where its files go
 * @param inMemory whether SQL ledgers are kept in memory only
 * @param jvmOptions options of each service's JVM
 */
public record SystemPlan(
    Path folder, Side alpha, Side beta, boolean inMemory, List<String> jvmOptions) {
  /** JVMs that start fast and stay small. */
  public static final List<String> SMALL =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

  /** Copies the options. */
  public SystemPlan {
    jvmOptions = List.copyOf(jvmOptions);
  }
}
