package org.odap.cli.crash;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.odap.cli.system.Launch;
import org.odap.cli.system.Processes;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.Side;

/** Restarts the services of a side in order, one after the other, as an upgrade does. */
public final class RollingRestart {
  private static final Duration START_MAX = Duration.ofMinutes(2);

  private final Processes processes;
  private final UnaryOperator<Launch> next;

  /** Restarts some of these as they are. */
  public RollingRestart(Processes processes) {
    this(processes, UnaryOperator.identity());
  }

  /**
   * Restarts some of these in another way.
   *
   * @param next how to start what was started so
   */
  RollingRestart(Processes processes, UnaryOperator<Launch> next) {
    this.processes = processes;
    this.next = next;
  }

  /** Names of a side's services, those first that others call. */
  public static List<String> order(RunningSide side) {
    return Stream.concat(
            Stream.of(Side.logName(0), Side.ledgerName(0)),
            IntStream.rangeClosed(0, side.backups().size()).mapToObj(Side::gatewayName))
        .map(role -> role + "-" + side.side().name())
        .toList();
  }

  /** Stops a service (SIGTERM), starts it again when it has ended, waits until it serves. */
  public void of(String service) throws InterruptedException {
    processes.stop(service);
    again(service);
  }

  /** Starts a service that was stopped, and waits until it serves. */
  public void again(String service) throws InterruptedException {
    processes.restart(START_MAX, service, next);
  }
}
