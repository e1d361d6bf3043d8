package org.odap.runtime.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StepLoadTest {
  /** A ledger that refuses what does not follow from what it has seen. */
  private static final class StrictLedger implements TransferSteps {
    private final Map<Long, String> lastStep = new ConcurrentHashMap<>();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger transactions = new AtomicInteger();
    private boolean isClosed;

    private String next(long asset, String expected, String reference, String answer) {
      String last = lastStep.getOrDefault(asset, "none");
      if (!last.startsWith(expected) || !(reference.isEmpty() || reference.equals(last))) {
        wrong.incrementAndGet();
      }
      String transaction = answer + "-" + transactions.incrementAndGet();
      lastStep.put(asset, transaction);
      return transaction;
    }

    @Override
    public String logIncoming(String transferId, long asset) {
      return next(asset, "none", "", "announced");
    }

    @Override
    public String create(String transferId, long asset, String announcement) {
      return next(asset, "announced", announcement, "created");
    }

    @Override
    public String lock(String transferId, long asset) {
      return next(asset, "created", "", "locked");
    }

    @Override
    public String finalizeLock(String transferId, long asset, String lock) {
      return next(asset, "locked", lock, "extinguished");
    }

    @Override
    public String recordLocation(String transferId, long asset, String finalization) {
      return next(asset, "extinguished", finalization, "recorded");
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @Test
  void eachTransferHasAnAssetOfItsOwnAndAllStepsInOrder() throws InterruptedException {
    StrictLedger ledger = new StrictLedger();

    MeasuredLoad load = new StepLoad(ledger, 100).run(new LoadSize(4, 30, Duration.ZERO));

    assertThat(load.steps()).isEqualTo(150);
    assertThat(load.failed()).isZero();
    assertThat(ledger.wrong).hasValue(0);
    assertThat(ledger.lastStep).hasSize(30).containsKeys(100L, 129L);
    assertThat(load.p50MillisByStep())
        .containsOnlyKeys("log-incoming", "create", "lock", "finalize-lock", "record-location");
    assertThat(load.stepsPerSecond()).isPositive();
    assertThat(load.p99Millis()).isGreaterThanOrEqualTo(load.p50Millis());
  }

  @Test
  void soManyAreInFlightAtATime() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(8);
    StrictLedger ledger = new StrictLedger();
    TransferSteps meeting =
        new Refusing(ledger) {
          @Override
          public String lock(String transferId, long asset) throws InterruptedException {
            together.countDown();
            assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            return ledger.lock(transferId, asset);
          }
        };

    assertThat(new StepLoad(meeting, 1).run(new LoadSize(8, 8, Duration.ZERO)).steps())
        .isEqualTo(40);
  }

  @Test
  void aStepThatFailsEndsItsTransferAndManyEndTheLoad() throws InterruptedException {
    StrictLedger ledger = new StrictLedger();
    LoadSize longRun = new LoadSize(1, 0, Duration.ofDays(1));

    MeasuredLoad load = new StepLoad(new Refusing(ledger), 1).run(longRun);

    assertThat(load.failed()).isEqualTo(20);
    assertThat(load.steps()).isEqualTo(40);
    assertThat(load.firstFailure()).isEqualTo("lock: java.lang.IllegalStateException: no");
  }

  /** Everything but locks. */
  private static class Refusing implements TransferSteps {
    private final StrictLedger ledger;

    Refusing(StrictLedger ledger) {
      this.ledger = ledger;
    }

    @Override
    public String logIncoming(String transferId, long asset) {
      return ledger.logIncoming(transferId, asset);
    }

    @Override
    public String create(String transferId, long asset, String announcement) {
      return ledger.create(transferId, asset, announcement);
    }

    @Override
    public String lock(String transferId, long asset) throws InterruptedException {
      throw new IllegalStateException("no");
    }

    @Override
    public String finalizeLock(String transferId, long asset, String lock) {
      return ledger.finalizeLock(transferId, asset, lock);
    }

    @Override
    public String recordLocation(String transferId, long asset, String finalization) {
      return ledger.recordLocation(transferId, asset, finalization);
    }

    @Override
    public void close() {
      ledger.close();
    }
  }

  @Test
  void aPlainProgramTakesTheArgumentsThatAreMadeForIt() {
    StrictLedger ledger = new StrictLedger();
    var arguments =
        new ArrayList<>(
            PlainProgram.arguments(new LoadSize(2, 5, Duration.ofSeconds(1)), Duration.ZERO, 7));
    arguments.add("--where");
    arguments.add("here");

    int exit =
        new PlainProgram("--where")
            .run(
                arguments.toArray(String[]::new),
                (options, inFlight) -> {
                  assertThat(options).containsEntry("--where", "here");
                  assertThat(inFlight).isEqualTo(2);
                  return ledger;
                });

    assertThat(exit).isZero();
    assertThat(ledger.isClosed).isTrue();
    assertThat(ledger.lastStep).hasSize(5).containsKey(7L);
    assertThat(new PlainProgram("--where").run(new String[] {"--where", "here"}, (_, _) -> ledger))
        .isEqualTo(2);
  }

  @Test
  void whatIsWrittenIsRead() {
    MeasuredLoad load = new MeasuredLoad(10, 1, "no", 2.5, 1.25, 3, Map.of("lock", 1.0));

    assertThat(MeasuredLoad.read(load.json())).isEqualTo(load);
    assertThatThrownBy(() -> MeasuredLoad.read("Exception in thread"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
