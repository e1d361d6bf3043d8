package org.odap.cli.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Kills of random processes, one to three at once, under a load of transfers in flight. */
final class RandomKills {
  private static final int VICTIMS_MAX = 3;
  private static final int ENDED_BETWEEN_MAX = 40;
  private static final Duration BETWEEN_MAX = Duration.ofSeconds(5);

  private final Subject subject;
  private final Random random;

  /** What came of it. */
  record Result(int kills, List<Audit> audits) {
    long failed() {
      return audits.stream().filter(audit -> !audit.holds()).count();
    }
  }

  RandomKills(Subject subject, long seed) {
    this.subject = subject;
    this.random = new Random(seed);
  }

  /** Kills so many times; waits up to the pause, at random, before it starts what it killed. */
  Result run(int kills, int inFlight, Duration pauseMax) throws InterruptedException {
    SteadyLoad load = SteadyLoad.begin(subject.transfers(), inFlight);
    for (int i = 0; i < kills; i++) {
      boolean _ = load.awaitEnded(random.nextInt(ENDED_BETWEEN_MAX), BETWEEN_MAX);
      List<String> victims = new ArrayList<>(subject.victims());
      Collections.shuffle(victims, random);
      victims = victims.subList(0, 1 + random.nextInt(VICTIMS_MAX));
      subject.kill(victims);
      Looking.pause(Duration.ofMillis(random.nextLong(pauseMax.toMillis() + 1)));
      subject.restart(victims);
    }
    return new Result(kills, load.end());
  }
}
