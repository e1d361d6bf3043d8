package org.odap.runtime.measurement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Transfers on one ledger, as many at a time as asked for. Each brings a unique asset in and takes
 * it out again, in five steps that are all real: nothing has to be there before.
 */
public final class StepLoad {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Where so many steps fail, the next ones will too. */
  private static final int FAILURES_MAX = 20;

  private final TransferSteps ledger;
  private final AtomicLong nextAsset;

  private enum Step {
    LOG_INCOMING,
    CREATE,
    LOCK,
    FINALIZE_LOCK,
    RECORD_LOCATION;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A load of assets nobody has had yet.
   *
   * @param firstAsset id of the first; the others follow
   */
  public StepLoad(TransferSteps ledger, long firstAsset) {
    this.ledger = ledger;
    this.nextAsset = new AtomicLong(firstAsset);
  }

  /** Does the work and waits for its end. */
  public MeasuredLoad run(LoadSize size) throws InterruptedException {
    Running running = new Running(size);
    List<Worker> workers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < size.inFlight(); i++) {
      Worker worker = new Worker(running);
      workers.add(worker);
      threads.add(Thread.ofVirtual().name("load-" + i).start(worker));
    }
    // What a worker has measured is its own until it has ended.
    for (Thread thread : threads) {
      thread.join();
    }
    return running.measured(workers);
  }

  /** What the workers of a run share. */
  private static final class Running {
    private final LoadSize size;
    private final long start = System.nanoTime();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<String> firstFailure = new AtomicReference<>("");

    Running(LoadSize size) {
      this.size = size;
    }

    boolean beginsAnother() {
      if (failed.get() >= FAILURES_MAX) {
        return false;
      }
      return size.transfers() > 0
          ? begun.getAndIncrement() < size.transfers()
          : System.nanoTime() - start < size.time().toNanos();
    }

    void failed(Step step, Exception failure) {
      failed.incrementAndGet();
      firstFailure.compareAndSet("", step.label() + ": " + failure);
    }

    MeasuredLoad measured(List<Worker> workers) {
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
      Map<String, Double> byStep = new LinkedHashMap<>();
      List<Long> all = new ArrayList<>();
      for (Step step : Step.values()) {
        List<Long> nanos = new ArrayList<>();
        workers.forEach(worker -> nanos.addAll(worker.nanos.getOrDefault(step, List.of())));
        byStep.put(step.label(), latencies(nanos).percentileMillis(0.5));
        all.addAll(nanos);
      }
      Latencies latencies = latencies(all);
      return new MeasuredLoad(
          all.size(),
          failed.get(),
          firstFailure.get(),
          seconds,
          latencies.percentileMillis(0.5),
          latencies.percentileMillis(0.99),
          byStep);
    }

    private static Latencies latencies(List<Long> nanos) {
      return new Latencies(nanos.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private final class Worker implements Runnable {
    private final Running running;
    private final Map<Step, List<Long>> nanos = new EnumMap<>(Step.class);

    Worker(Running running) {
      this.running = running;
      for (Step step : Step.values()) {
        nanos.put(step, new ArrayList<>());
      }
    }

    @Override
    public void run() {
      while (running.beginsAnother()) {
        var _ = thereAndAway(nextAsset.getAndIncrement());
      }
    }

    /** Whether all five steps were done. */
    private boolean thereAndAway(long asset) {
      String in = UUID.randomUUID().toString();
      String out = UUID.randomUUID().toString();
      AtomicReference<String> last = new AtomicReference<>("");
      return done(Step.LOG_INCOMING, last, () -> ledger.logIncoming(in, asset))
          && done(Step.CREATE, last, () -> ledger.create(in, asset, last.get()))
          && done(Step.LOCK, last, () -> ledger.lock(out, asset))
          && done(Step.FINALIZE_LOCK, last, () -> ledger.finalizeLock(out, asset, last.get()))
          && done(Step.RECORD_LOCATION, last, () -> ledger.recordLocation(out, asset, last.get()));
    }

    private boolean done(Step step, AtomicReference<String> last, Callable<String> call) {
      long from = System.nanoTime();
      try {
        last.set(call.call());
        nanos.get(step).add(System.nanoTime() - from);
        return true;
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        running.failed(step, stopped);
        return false;
      } catch (Exception failure) {
        running.failed(step, failure);
        return false;
      }
    }
  }
}
