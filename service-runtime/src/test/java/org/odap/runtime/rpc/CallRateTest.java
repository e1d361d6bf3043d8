package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallRateTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static long taken(CallRate rate, LongStream moments) {
    return moments.filter(rate::takes).count();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 5, Long.MIN_VALUE})
  void aSecondsWorthAtOnceThenTheRate(long zero) {
    CallRate rate = new CallRate(10, zero);

    assertThat(taken(rate, LongStream.generate(() -> zero).limit(100))).isEqualTo(10);
    assertThat(rate.takes(zero + SECOND / 10 - 1)).isFalse();
    assertThat(rate.takes(zero + SECOND / 10)).isTrue();
    assertThat(rate.takes(zero + SECOND / 10)).isFalse();
    assertThat(taken(rate, LongStream.range(0, 3000).map(ms -> zero + SECOND + ms * SECOND / 1000)))
        .isEqualTo(9 + 29);
  }

  @Test
  void aPauseSavesUpASecondAndNoMore() {
    CallRate rate = new CallRate(10, 0);

    assertThat(taken(rate, LongStream.generate(() -> 3600 * SECOND).limit(100))).isEqualTo(10);
  }
}
