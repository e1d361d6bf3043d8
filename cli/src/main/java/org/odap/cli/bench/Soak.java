package org.odap.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.odap.cli.system.RunningProcess;
import org.odap.cli.system.RunningSystem;

/** Transfers for a long time, at half the rate that is possible: what grows shows. */
final class Soak {
  /** Transfers at a time. */
  static final int IN_FLIGHT = 32;

  private static final int PEAK_TRANSFERS = 3_000;
  private static final int SECONDS_A_PART = 60;

  private final RunningSystem system;
  private final Load load;
  private final Consumer<String> progress;

  /** The system is warm. */
  Soak(RunningSystem system, Load load, Consumer<String> progress) {
    this.system = system;
    this.load = load;
    this.progress = progress;
  }

  /** Runs transfers until the time is over. */
  List<SoakMinute> run(Duration limit) throws InterruptedException {
    double peak = load.run(IN_FLIGHT, PEAK_TRANSFERS).transfersPerSecond();
    double rate = peak / 2;
    progress.accept("soak: peak %.0f transfers/s, going on with %.0f".formatted(peak, rate));
    List<SoakMinute> minutes = new ArrayList<>();
    long start = System.nanoTime();
    double seconds = 0;
    while (seconds < limit.toSeconds()) {
      Level level = load.run(IN_FLIGHT, (int) Math.ceil(rate * SECONDS_A_PART), rate);
      seconds = (System.nanoTime() - start) / 1e9;
      SoakMinute minute =
          new SoakMinute(
              seconds,
              level,
              system.processes().running().stream().mapToLong(RunningProcess::openFiles).sum());
      minutes.add(minute);
      progress.accept(
          "soak: %.0f s, %d failed, p99 %.0f ms, %d MB, %d open files"
              .formatted(
                  seconds,
                  level.failed(),
                  level.p99Millis(),
                  level.residentMegabytes(),
                  minute.openFiles()));
    }
    return minutes;
  }
}
