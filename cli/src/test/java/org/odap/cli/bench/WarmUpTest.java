package org.odap.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration LONG = Duration.ofHours(1);

  private static double run(Duration limit, Queue<Double> rates) throws InterruptedException {
    return WarmUp.untilStable(limit, rates::remove);
  }

  @Test
  void endsWhenRoundsGainNothingMore() throws InterruptedException {
    Queue<Double> rates = new ArrayDeque<>(List.of(10.0, 20.0, 19.0, 20.5, 20.1, 20.2, 99.0));
    assertThat(run(LONG, rates)).isEqualTo(20.0);
    assertThat(rates).containsExactly(99.0);
  }

  @Test
  void smallGainsThatAddUpAreGains() throws InterruptedException {
    Queue<Double> rates =
        new ArrayDeque<>(List.of(100.0, 102.0, 104.0, 106.0, 108.0, 108.0, 108.0, 108.0, 108.0));
    assertThat(run(LONG, rates)).isEqualTo(108.0);
  }

  @Test
  void endsWithItsTime() throws InterruptedException {
    assertThat(run(Duration.ZERO, new ArrayDeque<>())).isZero();
  }
}
