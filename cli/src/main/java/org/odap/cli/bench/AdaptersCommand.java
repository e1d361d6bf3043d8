package org.odap.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.TemporaryFolder;
import org.odap.runtime.measurement.LoadSize;
import org.odap.runtime.measurement.MeasuredLoad;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the ledgers' adapters beside the ledgers' plain clients. */
@Command(
    name = "adapters",
    description = {
      "Measures how fast adapters do transfer steps, with one replica and with several against one",
      "node, beside the node's own rate: the same steps with the ledger's client library alone.",
      "Each transfer brings an asset in and takes it out again, five steps over mutual TLS.",
      "SQL is an H2 server with the ledger in a file; Ethereum is anvil, which makes a block of",
      "every transaction at once; Fabric is the development peer, with blocks every 200 ms at most."
    })
final class AdaptersCommand implements Callable<Integer> {
  /** How long a measurement is. */
  static final class Length {
    @Option(
        names = "--seconds",
        paramLabel = "N",
        description = "How long each measurement lasts; 20 by default.")
    private int seconds = 20;

    @Option(
        names = "--transfers",
        paramLabel = "N",
        description = "Or how many transfers it has, however long they take.")
    private int transfers;
  }

  @Option(
      names = "--ledgers",
      split = ",",
      paramLabel = "LEDGER",
      description = "Which: sql, ethereum, fabric; all three by default.")
  private List<LedgerKind> ledgers =
      new ArrayList<>(List.of(LedgerKind.SQL, LedgerKind.ETHEREUM, LedgerKind.FABRIC));

  @Option(
      names = "--replicas",
      split = ",",
      paramLabel = "N",
      description = "How many replicas of the adapter, one number after the other; 1,2,4.")
  private List<Integer> replicas = new ArrayList<>(List.of(1, 2, 4));

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "How many transfers at a time; 32 by default.")
  private int inFlight = 32;

  @ArgGroup private Length length = new Length();

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      description = "How long each load runs before it is measured; PT15S by default.")
  private Duration warmUp = Duration.ofSeconds(15);

  @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each process; 384m.")
  private String heap = "384m";

  @Mixin private OutputOptions output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    checkArguments();
    Path folder = TemporaryFolder.make("bench");
    output.step("everything is in " + folder);
    AdapterBench bench =
        new AdapterBench(
            folder,
            replicas,
            new LoadSize(inFlight, length.transfers, Duration.ofSeconds(length.seconds)),
            warmUp,
            List.of("-XX:+UseSerialGC", "-Xmx" + heap),
            output::step);
    List<LedgerRates> rates = new ArrayList<>();
    for (LedgerKind kind : ledgers) {
      rates.add(bench.measure(kind));
    }
    if (output.json()) {
      output.terminal().line(AdapterReport.json(rates, inFlight));
    } else {
      AdapterReport.lines(rates).forEach(output.terminal()::line);
    }
    boolean isComplete =
        rates.stream()
            .flatMap(ledger -> ledger.loads().stream())
            .mapToLong(MeasuredLoad::failed)
            .allMatch(failed -> failed == 0);
    return isComplete ? 0 : OdapMain.EXIT_FAILED;
  }

  private void checkArguments() {
    require(inFlight >= 1, "--in-flight: value: " + inFlight + " (expected: 1 or more)");
    require(
        replicas.stream().allMatch(n -> n >= 1 && n <= 16),
        "--replicas: value: " + replicas + " (expected: each 1 to 16)");
    require(
        EnumSet.copyOf(ledgers).size() == ledgers.size(),
        "--ledgers: value: " + ledgers + " (expected: each once)");
    require(length.seconds >= 1, "--seconds: value: " + length.seconds + " (expected: 1 or more)");
    require(
        length.transfers >= 0,
        "--transfers: value: " + length.transfers + " (expected: 1 or more)");
    require(!warmUp.isNegative(), "--warm-up: value: " + warmUp + " (expected: PT0S or more)");
  }

  private void require(boolean holds, String mistake) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), mistake);
    }
  }
}
