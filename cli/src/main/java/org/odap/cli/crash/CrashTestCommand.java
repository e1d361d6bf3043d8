package org.odap.cli.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.SystemPlan;
import org.odap.cli.system.TemporaryFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills every service at every log point, and audits what came of it. */
@Command(
    name = "crash-test",
    description = {
      "Starts two gateways with logs and ledgers, holds a transfer at every log point of both",
      "roles, kills -9 each service there, starts it again, and checks that every transfer ends,",
      "the asset is on one ledger, and the evidence verifies. Then kills at random under load."
    })
public final class CrashTestCommand implements Callable<Integer> {
  /** T where there are backups (recovery-01 4.2). */
  private static final Duration TIME_OUT = Duration.ofSeconds(3);

  @Option(
      names = "--from",
      description = "Ledger the assets start on: ethereum, fabric, sql (default).")
  private LedgerKind from = LedgerKind.SQL;

  @Option(names = "--to", description = "Ledger they go to: ethereum, fabric, sql (default).")
  private LedgerKind to = LedgerKind.SQL;

  @Option(
      names = "--backups",
      paramLabel = "N",
      description = {
        "Gateways that stand by on each side; 0 by default. With them a gateway that was killed at",
        "a point stays down until its transfers have ended: a backup takes them over."
      })
  private int backups;

  @Option(
      names = "--log-nodes",
      paramLabel = "N",
      description = "Nodes that keep each side's log together; 1 by default: alone.")
  private int logNodes = 1;

  @Option(
      names = "--points",
      paramLabel = "REGEX",
      description = "Points tested, e.g. sender.exec-lock.after; .* by default.")
  private Pattern points = Pattern.compile(".*");

  @Option(
      names = "--victims",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Processes killed at points, e.g. gateway-alpha,log-beta; all by default, with backups the",
        "two gateways."
      })
  private List<String> victims = List.of();

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "Random kills under load afterwards; 20 by default, 0 for none.")
  private int kills = 20;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Transfers in flight during random kills; 50 by default.")
  private int inFlight = 50;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Chooses the random victims; a fresh one by default.")
  private long seed = new Random().nextInt(Integer.MAX_VALUE);

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Where the system's files go; a temporary folder by default.")
  private Optional<Path> dir = Optional.empty();

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    List<String> possible =
        backups == 0 ? Subject.victims(from, to, backups, logNodes) : Subject.GATEWAYS;
    if (!possible.containsAll(victims)) {
      throw new CliException("--victims: value: " + victims + " (expected: " + possible + ")");
    }
    if (victims.isEmpty()) {
      victims = possible;
    }
    Path folder = folder();
    output.step("everything is in " + folder);
    try (Subject subject = started(folder)) {
      List<CrashedPoint> crashed = atPoints(new CrashRounds(subject, backups == 0));
      Optional<RandomKills.Result> random = atRandom(subject);
      report(crashed, random);
      boolean held =
          crashed.stream().allMatch(CrashedPoint::holds)
              && random.map(result -> result.failed() == 0).orElse(true);
      return held ? 0 : OdapMain.EXIT_FAILED;
    }
  }

  private Subject started(Path folder) throws InterruptedException {
    Map<String, Object> settings = backups == 0 ? Map.of() : Subject.withLease(TIME_OUT);
    return Subject.start(
        folder, from, to, SystemPlan.SMALL, backups, logNodes, settings, output::step);
  }

  private List<CrashedPoint> atPoints(CrashRounds rounds) throws InterruptedException {
    List<CrashPoint> going = chosen(rounds.points(false));
    List<CrashPoint> undone =
        chosen(rounds.points(true).stream().filter(point -> !going.contains(point)).toList());
    List<CrashedPoint> crashed = new ArrayList<>();
    for (String victim : victims) {
      if (!going.isEmpty()) {
        crashed.addAll(told("forward", rounds.kill(victim, going, false)));
      }
      if (!undone.isEmpty()) {
        crashed.addAll(told("rolled back", rounds.kill(victim, undone, true)));
      }
    }
    for (String gateway : backups == 0 ? Subject.GATEWAYS : List.<String>of()) {
      List<CrashPoint> recovery = chosen(CrashRounds.recoveryPoints(gateway));
      for (String victim : recovery.isEmpty() ? List.<String>of() : victims) {
        crashed.addAll(
            told("in recovery of " + gateway, rounds.killInRecovery(gateway, victim, recovery)));
      }
    }
    return crashed;
  }

  private List<CrashPoint> chosen(List<CrashPoint> all) {
    return all.stream().filter(point -> points.matcher(point.text()).matches()).toList();
  }

  private List<CrashedPoint> told(String what, List<CrashedPoint> round) {
    long right = round.stream().filter(CrashedPoint::holds).count();
    long reached = round.stream().filter(CrashedPoint::reached).count();
    output.step(
        "%s killed, transfers %s: %d points, %d reached, %d as they must be"
            .formatted(round.getFirst().victim(), what, round.size(), reached, right));
    return round;
  }

  private Optional<RandomKills.Result> atRandom(Subject subject) throws InterruptedException {
    if (kills == 0) {
      return Optional.empty();
    }
    output.step(
        "%d random kills under %d transfers in flight, --seed %d".formatted(kills, inFlight, seed));
    return Optional.of(
        new RandomKills(subject, seed)
            .run(kills, inFlight, backups == 0 ? Duration.ZERO : TIME_OUT.multipliedBy(2)));
  }

  private void report(List<CrashedPoint> crashed, Optional<RandomKills.Result> random) {
    if (output.json()) {
      output.terminal().line(CrashReport.json(crashed, random, seed));
      return;
    }
    CrashReport.table(crashed).forEach(output.terminal()::line);
    CrashReport.findings(crashed).forEach(output.terminal()::line);
    random.ifPresent(result -> {
      result.audits().stream()
          .flatMap(audit -> audit.findings().stream().map(text -> audit.transferId() + ": " + text))
          .forEach(output.terminal()::line);
      output
          .terminal()
          .line(
              "random kills: %d transfers, %d of them not as they must be"
                  .formatted(result.audits().size(), result.failed()));
    });
    long wrong = crashed.stream().filter(point -> !point.holds() && point.reached()).count();
    long missed = crashed.stream().filter(point -> !point.reached()).count();
    output
        .terminal()
        .line(
            "points: %d as they must be, %d wrong, %d not reached"
                .formatted(crashed.size() - wrong - missed, wrong, missed));
  }

  private Path folder() {
    if (dir.isEmpty()) {
      return TemporaryFolder.make("crash");
    }
    try {
      return Files.createDirectories(dir.get()).toAbsolutePath();
    } catch (IOException e) {
      throw new CliException("no folder: " + e.getMessage(), e);
    }
  }
}
