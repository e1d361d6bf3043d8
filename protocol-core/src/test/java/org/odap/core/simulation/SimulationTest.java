package org.odap.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.core.envelope.QuickSignatures;

/**
 * Runs the core and a driver over a simulated network, clock, disk and ledgers, from fresh seeds
 * each time: whatever goes wrong, when it is over every transfer has ended by itself, the same on
 * both sides, and the books are right. {@code -Dodap.seed=N} replays one run; {@code
 * -Dodap.simulation.seconds=N} goes on for longer.
 */
@ExtendWith(QuickSignatures.class)
@Tag("2PC-6")
@Tag("2PC-7")
@Tag("2PC-8")
@Tag("OURS-2")
class SimulationTest {
  private static final int RUNS_TO_FIND_A_FAULT = 300;

  @Test
  void everyTransferEndsTheSameOnBothSides() {
    Long seed = Long.getLong("odap.seed");
    if (seed != null) {
      System.out.printf("seed %d: %,d events%n", seed, run(seed, Set.of()));
      return;
    }
    Duration limit = Duration.ofSeconds(Long.getLong("odap.simulation.seconds", 30));
    Random seeds = new Random();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger runs = new AtomicInteger();
    long start = System.nanoTime();
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(thread -> {
          while (System.nanoTime() - start < limit.toNanos()) {
            long next = seeds.nextLong();
            fault(next, Set.of()).ifPresent(fault -> failures.add(line(next, fault)));
            runs.incrementAndGet();
          }
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    failures.forEach(System.out::println);
    System.out.printf("%,d simulations, %.0f a second%n", runs.get(), runs.get() / seconds);
    assertThat(failures).isEmpty();
    assertThat(runs).hasPositiveValue();
  }

  @Test
  void aSeedIsARun() {
    assertThat(run(7, Set.of())).isEqualTo(run(7, Set.of()));
  }

  @ParameterizedTest
  @EnumSource
  void aDeliberateFaultIsFound(Fault fault) {
    Optional<Integer> found =
        IntStream.rangeClosed(1, RUNS_TO_FIND_A_FAULT)
            .boxed()
            .filter(seed -> fault(seed, EnumSet.of(fault)).isPresent())
            .filter(seed -> fault(seed, Set.of()).isEmpty())
            .findFirst();

    System.out.println(fault + " found in simulation " + found);
    assertThat(found).isPresent();
  }

  private static String line(long seed, String fault) {
    return "seed " + seed + ": " + fault + " (replay: ./odap test --seed " + seed + ")";
  }

  private static Optional<String> fault(long seed, Set<Fault> faults) {
    try {
      long _ = run(seed, faults);
      return Optional.empty();
    } catch (AssertionError found) {
      return Optional.of(found.getMessage().lines().findFirst().orElse(""));
    }
  }

  /** Gives how many events there were. */
  private static long run(long seed, Set<Fault> faults) {
    return new Simulation(seed, faults).run();
  }
}
