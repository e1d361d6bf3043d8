package org.odap.cli.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.odap.cli.CliException;
import org.odap.cli.system.Configurations.Ports;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.FreePorts;
import org.odap.runtime.rpc.RpcTarget;

/**
 * One side's ledger with its node and any number of adapters, and nothing else: no gateway, no log.
 * Everything ends when it is closed.
 */
public final class RunningLedger implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final LedgerPlan plan;
  private final Side side;
  private final Installation installation;
  private final Processes processes = new Processes();
  private SystemPki pki;
  private Ports ports;
  private PreparedLedger ledger;
  private int adaptersStarted;
  private int plainLoads;

  private RunningLedger(LedgerPlan plan, Side side, Installation installation) {
    this.plan = plan;
    this.side = side;
    this.installation = installation;
  }

  /**
   * Makes certificates and configurations, and starts the node, not yet an adapter.
   *
   * @param progress is told what is going on, a line a step
   */
  public static RunningLedger start(
      LedgerPlan plan, Side side, Installation installation, Consumer<String> progress)
      throws InterruptedException {
    RunningLedger running = new RunningLedger(plan, side, installation);
    try {
      running.prepare(progress);
      return running;
    } catch (RuntimeException | InterruptedException failed) {
      running.close();
      throw failed;
    }
  }

  private void prepare(Consumer<String> progress) throws InterruptedException {
    LedgerPreparation preparation = new LedgerPreparation(plan, installation, processes, progress);
    preparation.check(side.kind());
    List<Integer> free = FreePorts.find(1 + plan.adapters());
    pki = SystemPki.alone(plan.folder(), side);
    ports = new Ports(List.of(), 0, free.subList(1, free.size()), List.of(), 0);
    Configurations files = new Configurations(plan.folder(), side, pki, ports);
    ledger = preparation.prepare(side, files, free.getFirst());
  }

  /** So many adapters; those that don't run yet are started, one after the other. */
  public List<RpcTarget> adapters(int count) throws InterruptedException {
    // The first one on a new database makes its tables, with nobody else there.
    for (; adaptersStarted < count; adaptersStarted++) {
      var _ =
          processes.start(
              START_MAX,
              Launch.service(
                  Side.ledgerName(adaptersStarted) + "-" + side.name(),
                  installation,
                  side.kind().adapter(),
                  plan.jvmOptions(),
                  ledger.configs().get(adaptersStarted)));
    }
    return IntStream.range(0, count).mapToObj(number -> ports.ledger(side, number)).toList();
  }

  /**
   * Runs the ledger's plain client to its end.
   *
   * @param load how much it has to do
   * @return the last line it printed
   */
  public String plainLoad(List<String> load, Duration limit) throws InterruptedException {
    plainLoads++;
    String name = "plain-load-" + plainLoads;
    Path output = plan.folder().resolve(side.name()).resolve(name + ".log");
    List<String> arguments = new ArrayList<>(ledger.plain().arguments());
    arguments.addAll(load);
    processes.run(
        limit,
        Launch.program(
            name + "-" + side.name(),
            installation,
            side.kind().adapter(),
            plan.jvmOptions(),
            ledger.plain().mainClass(),
            arguments,
            output));
    try {
      return Files.readAllLines(output).stream()
          .reduce((_, last) -> last)
          .orElseThrow(() -> new CliException(name + " printed nothing: see " + output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whose ledger it is. */
  public Side side() {
    return side;
  }

  /** Certificate of those who do transfer steps. */
  public TlsFiles gateway() {
    return pki.gateways().getFirst();
  }

  /** Certificate of the ledger's operator. */
  public TlsFiles client() {
    return pki.client();
  }

  /** What the ledger calls its assets. */
  public AssetNames names() {
    return ledger.names();
  }

  /** Account that is to get assets; it consents to transfers. */
  public String holder() {
    return ledger.holder();
  }

  @Override
  public void close() {
    processes.close();
  }
}
