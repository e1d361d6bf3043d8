package org.odap.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningProcess;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.system.TemporaryFolder;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the main job on a whole system. */
@Command(
    name = "demo",
    description = {
      "Starts two gateways, two log services and two ledgers as processes, moves assets from one",
      "ledger to the other and back, and verifies the evidence. Fails unless everything held.",
      "With --mode intertrust the ledgers' members vouch for what the gateways claim, and the",
      "gateways' machines prove by TPMs (in software) what they are."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int WATCH_SECONDS = 2;

  @Option(
      names = "--from",
      description = "Ledger the assets start on: ethereum (default), fabric, sql.")
  private LedgerKind from = LedgerKind.ETHEREUM;

  @Option(names = "--to", description = "Ledger they go to: ethereum, fabric (default), sql.")
  private LedgerKind to = LedgerKind.FABRIC;

  @Option(names = "--mode", description = "What is shown: relay (default), intertrust.")
  private DemoMode mode = DemoMode.RELAY;

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Where certificates, configurations, logs and evidence go; must be empty.")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--keep",
      description = "Leave the system running until Ctrl-C, and say how to talk to it.")
  private boolean keep;

  @Mixin private OutputOptions output;

  private Terminal terminal;

  @Override
  public Integer call() throws InterruptedException {
    // A program reads one object from standard output; what goes on is told beside it.
    terminal = output.json() ? Terminal.plain(System.err) : output.terminal();
    Installation installation = Installation.here();
    Path work = folder();
    SystemPlan plan =
        mode.plan(
            new SystemPlan(
                work, new Side("alpha", from), new Side("beta", to), false, SystemPlan.SMALL));
    terminal.line("everything is in " + work);
    try (RunningSystem system = RunningSystem.start(plan, installation, this::step);
        Stage stage = new Stage(system, work, terminal)) {
      run(system, mode.on(stage, system));
      boolean held = stage.end();
      if (output.json()) {
        output.terminal().line(stage.json());
      }
      if (keep) {
        HowTo.lines(system, work).forEach(terminal::line);
        waitForTheEnd(system);
      }
      return held ? 0 : OdapMain.EXIT_FAILED;
    }
  }

  /** When something goes wrong, a process that has died says more than the call that failed. */
  private void run(RunningSystem system, Demo demo) throws InterruptedException {
    try {
      demo.run();
    } catch (RuntimeException failed) {
      Optional<RunningProcess> lost = system.processes().lost();
      if (lost.isPresent()) {
        throw new CliException(lost.get().name() + " has ended:" + lost.get().lastWords(), failed);
      }
      throw failed;
    }
  }

  private static void waitForTheEnd(RunningSystem system) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(WATCH_SECONDS, TimeUnit.SECONDS)) {
      Optional<RunningProcess> lost = system.processes().lost();
      if (lost.isPresent()) {
        throw new CliException(lost.get().name() + " has ended:" + lost.get().lastWords());
      }
    }
  }

  private void step(String what) {
    terminal.line(terminal.paint(Ink.FAINT, what));
  }

  private Path folder() {
    if (folder.isEmpty()) {
      return TemporaryFolder.make("demo");
    }
    try {
      Path chosen = folder.get().toAbsolutePath().normalize();
      Files.createDirectories(chosen);
      try (Stream<Path> content = Files.list(chosen)) {
        if (content.findAny().isPresent()) {
          throw new CliException(chosen + " is not empty: name a new folder with --dir");
        }
      }
      return chosen;
    } catch (IOException e) {
      throw new CliException("can't use the folder: " + e.getMessage(), e);
    }
  }
}
