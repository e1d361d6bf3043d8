package org.odap.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.odap.runtime.measurement.Latencies;

class BenchReportTest {
  private static final Floors FLOORS = new Floors(0.2, 80, 24, 56, 52);

  private static Level level(int inFlight, double seconds) {
    Map<String, Double> cpu = new LinkedHashMap<>();
    cpu.put("gateway-alpha", 3.5);
    cpu.put("log-alpha", 0.5);
    return new Level(inFlight, 100, 0, seconds, 20, 40, cpu, 0.25, 512);
  }

  @Test
  void percentilesAreThoseOfTheNearestRank() {
    Latencies latencies = new Latencies(new long[] {4_000_000, 1_000_000, 3_000_000, 2_000_000});
    assertThat(latencies.percentileMillis(0.5)).isEqualTo(2);
    assertThat(latencies.percentileMillis(0.99)).isEqualTo(4);
    assertThat(new Latencies(new long[0]).percentileMillis(0.5)).isZero();
  }

  @Test
  void theReportSaysRatesCpuAndRatiosToTheFloors() {
    assertThat(BenchReport.lines(FLOORS, List.of(level(1, 2), level(32, 0.5)), 9_000))
        .contains(
            "in flight  transfers  failed     /s  p50 ms  p99 ms  CPU ms   MB  client",
            "        1        100       0   50.0    20.0    40.0    4.00  512    0.25",
            "       32        100       0  200.0    20.0    40.0    4.00  512    0.25",
            "gateway-alpha      3.50  3.50",
            "log entries of a transfer, both gateways: 9000 bytes",
            "ratios: p50 with 1 in flight = 100.0 calls; least CPU of a transfer = 50.0 calls");
  }

  @Test
  void theSameIsThereForPrograms() {
    assertThat(BenchReport.json(FLOORS, List.of(level(1, 2)), 9_000))
        .contains(
            "\"transfersPerSecond\":50.0",
            "\"cpuMillis\":4.0",
            "\"callCpuMicros\":80.0",
            "\"bytes_logged_a_transfer\":9000");
  }
}
