package org.odap.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.odap.cli.system.RunningProcess;
import org.odap.cli.system.RunningSystem;

/** Transfers for a long time: what grows shows. */
final class Soak {
  /** Transfers at a time. */
  static final int IN_FLIGHT = 32;

  /** Transfers between two looks at the processes: about a minute's. */
  private static final int TRANSFERS_BETWEEN_LOOKS = 5_000;

  private final RunningSystem system;
  private final Load load;
  private final Consumer<String> progress;

  Soak(RunningSystem system, Load load, Consumer<String> progress) {
    this.system = system;
    this.load = load;
    this.progress = progress;
  }

  /** Runs transfers until the time is over. */
  List<SoakMinute> run(Duration limit) throws InterruptedException {
    List<SoakMinute> minutes = new ArrayList<>();
    long start = System.nanoTime();
    double seconds = 0;
    while (seconds < limit.toSeconds()) {
      Level level = load.run(IN_FLIGHT, TRANSFERS_BETWEEN_LOOKS);
      seconds = (System.nanoTime() - start) / 1e9;
      SoakMinute minute =
          new SoakMinute(
              seconds,
              level.transfers(),
              level.failed(),
              level.transfersPerSecond(),
              level.p99Millis(),
              level.residentMegabytes(),
              system.processes().running().stream().mapToLong(RunningProcess::openFiles).sum());
      minutes.add(minute);
      progress.accept(
          "soak: %d s, %.0f transfers/s, %d MB, %d open files"
              .formatted(
                  Math.round(seconds),
                  minute.perSecond(),
                  minute.residentMegabytes(),
                  minute.openFiles()));
    }
    return minutes;
  }
}
