package org.odap.cli.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.odap.cli.system.RunningSide;

/**
 * So many transfers at a time from one side to the other, whatever becomes of the processes
 * meanwhile: where one has ended the next begins.
 *
 * <p>Mutable: what was ordered so far, and whether it is enough.
 */
public final class SteadyLoad implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofMinutes(3);

  private final TestedTransfers transfers;
  private final ConcurrentLinkedQueue<TestedTransfer> all = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final List<Thread> workers = new ArrayList<>();

  private SteadyLoad(TestedTransfers transfers) {
    this.transfers = transfers;
  }

  /** Begins with a load from one side to the other. */
  public static SteadyLoad begin(RunningSide from, RunningSide to, int inFlight) {
    return begin(new TestedTransfers(from, to), inFlight);
  }

  static SteadyLoad begin(TestedTransfers transfers, int inFlight) {
    SteadyLoad load = new SteadyLoad(transfers);
    for (TestedTransfer first : transfers.order(inFlight, false)) {
      load.workers.add(Thread.ofVirtual().start(() -> load.oneAfterTheOther(first)));
    }
    return load;
  }

  private void oneAfterTheOther(TestedTransfer first) {
    TestedTransfer transfer = first;
    all.add(transfer);
    while (transfers.ended(transfer, END_MAX) && !enough.get()) {
      ended.incrementAndGet();
      transfer = transfers.next();
      all.add(transfer);
    }
  }

  /** Waits until so many more transfers have ended; gives whether they did in time. */
  public boolean awaitEnded(int more, Duration limit) {
    int until = ended.get() + more;
    return Looking.until(limit, () -> ended.get() >= until);
  }

  /** Orders no more, waits until all have ended, and looks at each. */
  public List<Audit> end() throws InterruptedException {
    enough.set(true);
    for (Thread worker : workers) {
      worker.join();
    }
    return all.stream().map(transfer -> transfers.audit(transfer, END_MAX)).toList();
  }

  @Override
  public void close() {
    enough.set(true);
    transfers.close();
  }
}
