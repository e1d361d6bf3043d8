package org.odap.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.odap.cli.CliException;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.LedgerPlan;
import org.odap.cli.system.RunningLedger;
import org.odap.cli.system.Side;
import org.odap.cli.system.SqlStorage;
import org.odap.runtime.measurement.LoadSize;
import org.odap.runtime.measurement.MeasuredLoad;
import org.odap.runtime.measurement.PlainProgram;
import org.odap.runtime.measurement.StepLoad;
import org.odap.runtime.rpc.RpcTarget;

/**
 * Measures one ledger's adapter with different numbers of replicas, between two runs of the plain
 * client: always the same node, one load after the other.
 *
 * @param size of each measured load
 * @param warmUp what comes before each, and is not measured
 */
record AdapterBench(
    Path folder,
    List<Integer> replicas,
    LoadSize size,
    Duration warmUp,
    List<String> jvmOptions,
    Consumer<String> progress) {
  /** No load has as many assets. */
  private static final long ASSETS_OF_A_LOAD = 1_000_000_000L;

  /** A plain client that takes longer for a number of transfers hangs. */
  private static final Duration PLAIN_MAX = Duration.ofHours(2);

  AdapterBench {
    replicas = List.copyOf(replicas);
    jvmOptions = List.copyOf(jvmOptions);
  }

  LedgerRates measure(LedgerKind kind) throws InterruptedException {
    LedgerPlan plan =
        new LedgerPlan(
            folder.resolve(kind.label()),
            SqlStorage.SERVER,
            jvmOptions,
            Collections.max(replicas),
            true);
    Side side = new Side("bench", kind);
    try (RunningLedger ledger = RunningLedger.start(plan, side, Installation.here(), progress)) {
      consent(ledger);
      long asset = 1;
      MeasuredLoad before = plain(ledger, asset);
      List<LedgerRates.Replicated> adapters = new ArrayList<>();
      for (int count : replicas) {
        asset += ASSETS_OF_A_LOAD;
        adapters.add(new LedgerRates.Replicated(count, adapters(ledger, count, asset)));
      }
      asset += ASSETS_OF_A_LOAD;
      return new LedgerRates(kind, before, adapters, plain(ledger, asset));
    }
  }

  private static void consent(RunningLedger ledger) throws InterruptedException {
    RpcTarget first = ledger.adapters(1).getFirst();
    try (LedgerAccess operator = new LedgerAccess(ledger, first)) {
      operator.approve();
    }
  }

  private MeasuredLoad plain(RunningLedger ledger, long firstAsset) throws InterruptedException {
    progress.accept(ledger.side().dltSystem() + ": measuring the plain client");
    String line = ledger.plainLoad(PlainProgram.arguments(size, warmUp, firstAsset), PLAIN_MAX);
    try {
      return MeasuredLoad.read(line);
    } catch (IllegalArgumentException other) {
      throw new CliException("the plain client printed something else: " + line, other);
    }
  }

  private MeasuredLoad adapters(RunningLedger ledger, int count, long firstAsset)
      throws InterruptedException {
    progress.accept(ledger.side().dltSystem() + ": measuring replicas of the adapter: " + count);
    try (AdapterSteps steps = new AdapterSteps(ledger, ledger.adapters(count))) {
      StepLoad load = new StepLoad(steps, firstAsset);
      var _ = load.run(size.lasting(warmUp));
      return load.run(size);
    }
  }
}
