package org.odap.cli.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.odap.core.transfer.LogCommand;

/**
 * Rounds of one kill each. All points of a round are armed at once and as many transfers started:
 * each is held at another point. Then the victim is killed, started again, and every transfer must
 * end. So the whole matrix takes a round a victim.
 */
public final class CrashRounds {
  private static final Duration QUIET_MAX = Duration.ofSeconds(10);
  private static final Duration END_MAX = Duration.ofMinutes(3);
  private static final List<String> RECOVERING =
      Stream.of(
              LogCommand.INIT_RECOVER,
              LogCommand.ACK_RECOVER,
              LogCommand.INIT_RECOVER_SUCCESS,
              LogCommand.ACK_RECOVER_SUCCESS)
          .map(LogCommand::text)
          .toList();
  private static final List<String> ANSWERING =
      Stream.of(
              LogCommand.EXEC_RECOVER,
              LogCommand.ACK_RECOVER,
              LogCommand.EXEC_RECOVER_SUCCESS,
              LogCommand.ACK_RECOVER_SUCCESS)
          .map(LogCommand::text)
          .toList();

  private final Subject subject;
  private final boolean restart;

  /**
   * Rounds on a system.
   *
   * @param restart whether who was killed is started at once; else its backup is to take over, and
   *     it is started when all has ended
   */
  CrashRounds(Subject subject, boolean restart) {
    this.subject = subject;
    this.restart = restart;
  }

  /** The points a transfer comes to that nobody disturbs; of one the ledger refuses when doomed. */
  List<CrashPoint> points(boolean doomed) {
    TestedTransfer pilot = subject.transfers().order(1, doomed).getFirst();
    if (!subject.transfers().ended(pilot, END_MAX)) {
      throw new IllegalStateException("the first transfer has not ended, undisturbed");
    }
    List<CrashPoint> points = new ArrayList<>();
    for (String role : List.of("sender", "recipient")) {
      subject
          .transfers()
          .commands(pilot.id().orElseThrow(), role)
          .forEach(command -> CrashPoint.around(role, command).forEach(points::add));
    }
    return points;
  }

  /** The points of the recovery that follows when this gateway was killed. */
  static List<CrashPoint> recoveryPoints(String gateway) {
    boolean senderRecovers = gateway.equals("gateway-alpha");
    List<CrashPoint> points = new ArrayList<>();
    for (String command : RECOVERING) {
      CrashPoint.around(senderRecovers ? "sender" : "recipient", command).forEach(points::add);
    }
    for (String command : ANSWERING) {
      CrashPoint.around(senderRecovers ? "recipient" : "sender", command).forEach(points::add);
    }
    return points;
  }

  /** Kills a victim while a transfer is held at each of the points. */
  List<CrashedPoint> kill(String victim, List<CrashPoint> points, boolean doomed)
      throws InterruptedException {
    subject.arm(points);
    // Proposals go to the gateways of an identity in turn: alone, the victim gets them all.
    subject.kill(subject.backups());
    List<TestedTransfer> transfers = subject.transfers().order(points.size(), doomed);
    return crash(victim, points, transfers);
  }

  /** Kills a gateway, and a victim while each of the transfers is at a point of its recovery. */
  List<CrashedPoint> killInRecovery(String gateway, String victim, List<CrashPoint> points)
      throws InterruptedException {
    CrashPoint between = new CrashPoint("sender", LogCommand.INIT_COMMIT_PREPARE.text(), "after");
    List<TestedTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      subject.arm(List.of(between));
      transfers.addAll(subject.transfers().order(1, false));
      int held = i + 1;
      boolean _ = Looking.until(QUIET_MAX, () -> subject.held(between) == held);
    }
    subject.disarm();
    subject.arm(points);
    subject.kill(List.of(gateway));
    subject.releaseAt(between);
    subject.restart(List.of(gateway));
    return crash(victim, points, transfers);
  }

  private List<CrashedPoint> crash(
      String victim, List<CrashPoint> points, List<TestedTransfer> transfers)
      throws InterruptedException {
    awaitHeld();
    Map<String, String> held = subject.held();
    subject.disarm();
    subject.restart(subject.backups());
    long killedAt = System.currentTimeMillis();
    subject.kill(List.of(victim));
    subject.release();
    if (restart) {
      subject.restart(List.of(victim));
    }
    long readyAt = System.currentTimeMillis();

    Map<String, Audit> audits = new HashMap<>();
    for (TestedTransfer transfer : transfers) {
      Audit audit = subject.transfers().audit(transfer, END_MAX);
      audits.put(audit.transferId(), audit);
    }
    if (!restart) {
      subject.restart(List.of(victim));
    }
    List<CrashedPoint> crashed = new ArrayList<>();
    for (CrashPoint point : points) {
      crashed.add(
          Optional.ofNullable(held.get(point.text()))
              .map(id -> audits.getOrDefault(id, nobodys(id)))
              .map(audit -> crashed(point, victim, audit, killedAt, readyAt))
              .orElseGet(() -> CrashedPoint.notReached(point, victim)));
    }
    // A transfer that was held nowhere is audited all the same.
    audits.values().stream()
        .filter(audit -> !audit.holds() && !held.containsValue(audit.transferId()))
        .map(audit ->
            crashed(
                new CrashPoint("sender", "(held nowhere)", ""), victim, audit, killedAt, readyAt))
        .forEach(crashed::add);
    return crashed;
  }

  private static Audit nobodys(String id) {
    return new Audit(
        id, "UNKNOWN", 0, OptionalLong.empty(), List.of("transfer " + id + " is known to nobody"));
  }

  private CrashedPoint crashed(
      CrashPoint point, String victim, Audit audit, long killedAt, long readyAt) {
    List<String> findings =
        audit.findings().stream().map(text -> audit.transferId() + ": " + text).toList();
    return new CrashedPoint(
        point,
        victim,
        audit.end(),
        audit.endedAt() - killedAt,
        resumed(audit, restart ? readyAt : killedAt),
        findings);
  }

  /** A gateway may take up its transfers before it takes calls. */
  private static OptionalLong resumed(Audit audit, long since) {
    return audit.resumedAt().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, audit.resumedAt().getAsLong() - since));
  }

  /** Until every point has its transfer, or none has come to a point for a while. */
  private void awaitHeld() {
    int before = Integer.MAX_VALUE;
    while (subject.armed() > 0 && subject.armed() < before) {
      int now = subject.armed();
      before = now;
      boolean _ = Looking.until(QUIET_MAX, () -> subject.armed() < now);
    }
  }
}
