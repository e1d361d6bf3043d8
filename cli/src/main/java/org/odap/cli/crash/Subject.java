package org.odap.cli.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;

/**
 * A whole system that is crashed: transfers from alpha to beta are held at points of their logs,
 * and processes killed.
 */
final class Subject implements AutoCloseable {
  static final List<String> GATEWAYS = List.of("gateway-alpha", "gateway-beta");

  private static final String FAIL_POINTS = "fail-points";
  private static final Duration RESTART_MAX = Duration.ofMinutes(2);

  private final RunningSystem system;
  private final int logNodes;
  private final TestedTransfers transfers;
  private final FailPointFolder senderPoints;
  private final FailPointFolder recipientPoints;

  private Subject(RunningSystem system, int logNodes) {
    this.logNodes = logNodes;
    this.system = system;
    transfers = new TestedTransfers(system.alpha(), system.beta());
    senderPoints = points(system.alpha());
    recipientPoints = points(system.beta());
  }

  /** What is ordered from alpha to beta. */
  TestedTransfers transfers() {
    return transfers;
  }

  private FailPointFolder points(RunningSide side) {
    return new FailPointFolder(system.folder(side.side()).resolve(FAIL_POINTS));
  }

  /**
   * Starts the system, logs and SQL ledgers on disk.
   *
   * @param from kind of the ledger on alpha's side
   * @param to kind of the ledger on beta's side
   * @param jvmOptions options of each service's JVM
   * @param backups on each side
   * @param logNodes nodes that keep each side's log
   * @param gatewaySettings what both gateways' configurations say besides
   */
  static Subject start(
      Path folder,
      LedgerKind from,
      LedgerKind to,
      List<String> jvmOptions,
      int backups,
      int logNodes,
      Map<String, Object> gatewaySettings,
      Consumer<String> progress)
      throws InterruptedException {
    Map<String, Object> settings = new LinkedHashMap<>(gatewaySettings);
    settings.put(FAIL_POINTS, FAIL_POINTS);
    SystemPlan plan =
        new SystemPlan(
                folder,
                new Side("alpha", from),
                new Side("beta", to),
                false,
                jvmOptions,
                backups,
                settings)
            .withLogNodes(logNodes);
    return new Subject(RunningSystem.start(plan, Installation.here(), progress), logNodes);
  }

  /** Gateway settings with the time-out T of their leases. */
  static Map<String, Object> withLease(Duration timeOut) {
    return Map.of("lease", Map.of("duration", timeOut.toSeconds() + "s"));
  }

  /**
   * What can be killed, by name. A Fabric peer keeps its chain on disk; an Ethereum node does not.
   */
  static List<String> victims(LedgerKind from, LedgerKind to, int backups, int logNodes) {
    List<String> all = new ArrayList<>();
    for (Side side : List.of(new Side("alpha", from), new Side("beta", to))) {
      for (int number = 0; number <= backups; number++) {
        all.add(Side.gatewayName(number) + "-" + side.name());
      }
      for (int node = 0; node < logNodes; node++) {
        all.add(Side.logName(node) + "-" + side.name());
      }
      all.add("ledger-" + side.name());
      if (side.kind() == LedgerKind.FABRIC) {
        all.add("peer-" + side.name());
      }
    }
    return all;
  }

  List<String> victims() {
    return victims(
        system.alpha().side().kind(),
        system.beta().side().kind(),
        system.alpha().backups().size(),
        logNodes);
  }

  /** Names of both sides' backups. */
  List<String> backups() {
    return Stream.of(system.alpha(), system.beta())
        .flatMap(side ->
            IntStream.rangeClosed(1, side.backups().size())
                .mapToObj(number -> Side.gatewayName(number) + "-" + side.side().name()))
        .toList();
  }

  void arm(Collection<CrashPoint> points) {
    points.forEach(point -> (point.ofSender() ? senderPoints : recipientPoints).arm(point));
  }

  int armed() {
    return senderPoints.armed() + recipientPoints.armed();
  }

  void disarm() {
    senderPoints.disarm();
    recipientPoints.disarm();
  }

  /** Transfers held, by the text of their point. */
  Map<String, String> held() {
    Map<String, String> held = senderPoints.held();
    held.putAll(recipientPoints.held());
    return held;
  }

  /** How many transfers are held at one point. */
  int held(CrashPoint point) {
    return (point.ofSender() ? senderPoints : recipientPoints).held(point);
  }

  /** Lets those go on that are held at one point. */
  void releaseAt(CrashPoint point) {
    (point.ofSender() ? senderPoints : recipientPoints).clear(point);
  }

  void release() {
    senderPoints.clear();
    recipientPoints.clear();
  }

  void kill(List<String> victims) throws InterruptedException {
    system.processes().kill(victims);
  }

  void restart(List<String> victims) throws InterruptedException {
    system.processes().restart(RESTART_MAX, victims);
  }

  @Override
  public void close() {
    release();
    transfers.close();
    system.close();
  }
}
