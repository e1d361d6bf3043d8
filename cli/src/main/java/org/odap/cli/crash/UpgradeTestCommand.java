package org.odap.cli.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.system.TemporaryFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exchanges another version's services for this one's while transfers go on. */
@Command(
    name = "upgrade-test",
    description = {
      "Starts two sides, each with a gateway and its backup, by another version's programs, keeps",
      "transfers going in both directions, and exchanges one service after the other for this",
      "version's, first all of one side. Every transfer must complete, and its evidence verify."
    })
public final class UpgradeTestCommand implements Callable<Integer> {
  private static final Duration ENDED_MAX = Duration.ofMinutes(2);

  @Parameters(paramLabel = "FOLDER", description = "The other version, built.")
  private Path other;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Transfers at a time in each direction; 4 by default.")
  private int inFlight = 4;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    Path folder = TemporaryFolder.make("upgrade");
    output.step("everything is in " + folder);
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            false,
            SystemPlan.SMALL,
            1,
            Map.of());
    Installation before = new Installation(other.toAbsolutePath().normalize());
    try (RunningSystem system = RunningSystem.start(plan, before, output::step);
        SteadyLoad out = SteadyLoad.begin(system.alpha(), system.beta(), inFlight);
        SteadyLoad in = SteadyLoad.begin(system.beta(), system.alpha(), inFlight)) {
      RollingRestart upgrade =
          new RollingRestart(
              system.processes(), launch -> launch.moved(before, Installation.here()));
      for (RunningSide side : List.of(system.alpha(), system.beta())) {
        for (String service : RollingRestart.order(side)) {
          output.step("exchanging " + service);
          upgrade.of(service);
          if (!out.awaitEnded(inFlight, ENDED_MAX) || !in.awaitEnded(inFlight, ENDED_MAX)) {
            throw new CliException("with the new " + service + " transfers don't end");
          }
        }
      }
      return report(Stream.of(out.end(), in.end()).flatMap(List::stream).toList());
    }
  }

  private int report(List<Audit> audits) {
    List<Audit> wrong =
        audits.stream()
            .filter(audit -> !audit.holds() || !audit.end().equals("COMPLETED"))
            .toList();
    wrong.forEach(audit ->
        output.terminal().line(audit.transferId() + ": " + audit.end() + " " + audit.findings()));
    output
        .terminal()
        .line(
            "%d transfers, %d of them not completed as they must be"
                .formatted(audits.size(), wrong.size()));
    return wrong.isEmpty() ? 0 : OdapMain.EXIT_FAILED;
  }
}
