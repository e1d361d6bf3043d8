package org.odap.cli.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills of random processes, one to three at once, under a load of transfers in flight. */
final class RandomKills {
  private static final int VICTIMS_MAX = 3;
  private static final int ENDED_BETWEEN_MAX = 40;
  private static final Duration BETWEEN_MAX = Duration.ofSeconds(5);
  private static final Duration END_MAX = Duration.ofMinutes(3);

  private final Subject subject;
  private final Random random;
  private final ConcurrentLinkedQueue<TestedTransfer> transfers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();

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
    List<TestedTransfer> first = subject.order(inFlight, false);
    List<Thread> workers = new ArrayList<>();
    for (TestedTransfer transfer : first) {
      workers.add(Thread.ofVirtual().start(() -> oneAfterTheOther(transfer)));
    }
    for (int i = 0; i < kills; i++) {
      int until = ended.get() + random.nextInt(ENDED_BETWEEN_MAX);
      boolean _ = Looking.until(BETWEEN_MAX, () -> ended.get() >= until);
      List<String> victims = new ArrayList<>(subject.victims());
      Collections.shuffle(victims, random);
      victims = victims.subList(0, 1 + random.nextInt(VICTIMS_MAX));
      subject.kill(victims);
      Looking.pause(Duration.ofMillis(random.nextLong(pauseMax.toMillis() + 1)));
      subject.restart(victims);
    }
    enough.set(true);
    for (Thread worker : workers) {
      worker.join();
    }
    return new Result(
        kills, transfers.stream().map(transfer -> subject.audit(transfer, END_MAX)).toList());
  }

  private void oneAfterTheOther(TestedTransfer first) {
    TestedTransfer transfer = first;
    transfers.add(transfer);
    while (subject.ended(transfer, END_MAX) && !enough.get()) {
      ended.incrementAndGet();
      transfer = subject.next();
      transfers.add(transfer);
    }
  }
}
