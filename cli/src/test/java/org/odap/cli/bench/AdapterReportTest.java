package org.odap.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.odap.cli.system.LedgerKind;
import org.odap.runtime.measurement.MeasuredLoad;

class AdapterReportTest {
  private static MeasuredLoad load(double stepsPerSecond, int failed, String failure) {
    Map<String, Double> byStep = new LinkedHashMap<>();
    byStep.put("log-incoming", 2.5);
    byStep.put("create", 12.0);
    return new MeasuredLoad(
        (long) (stepsPerSecond * 2), failed, failure, 2, 10 / stepsPerSecond, 40, byStep);
  }

  private static final LedgerRates SQL =
      new LedgerRates(
          LedgerKind.SQL,
          load(900, 0, ""),
          List.of(
              new LedgerRates.Replicated(1, load(790, 0, "")),
              new LedgerRates.Replicated(4, load(850, 0, ""))),
          load(1_100, 0, ""));

  @Test
  void theReportSaysRatesAndRatiosToThePlainClientsMean() {
    assertThat(AdapterReport.lines(List.of(SQL)))
        .contains(
            "ledger  steps by            steps  failed      /s  p50 ms  p99 ms  % of plain",
            "sql     plain client         1800       0   900.0    0.01    40.0          90",
            "sql     adapter x 1          1580       0   790.0    0.01    40.0          79",
            "sql     plain client again   2200       0  1100.0    0.01    40.0         110",
            "sql     adapter x 4                 2.50    12.0",
            "  sql: 1 x 79 % (missed), 4 x 85 %");
  }

  @Test
  void whatFailedIsToldWithItsFirstReason() {
    LedgerRates failed =
        new LedgerRates(
            LedgerKind.FABRIC,
            load(10, 0, ""),
            List.of(new LedgerRates.Replicated(2, load(5, 3, "lock: refused"))),
            load(10, 0, ""));

    assertThat(AdapterReport.lines(List.of(failed)))
        .contains("fabric, adapter x 2: the first that failed: lock: refused");
  }

  @Test
  void aNodeThatDoesNothingGivesNoRatio() {
    MeasuredLoad none = new MeasuredLoad(0, 20, "refused", 1, 0, 0, Map.of());

    assertThat(new LedgerRates(LedgerKind.SQL, none, List.of(), none).ratio(load(1, 0, "")))
        .isZero();
  }

  @Test
  void theSameIsThereForPrograms() {
    assertThat(AdapterReport.json(List.of(SQL), 32))
        .contains(
            "\"in_flight\":32",
            "\"ledger\":\"sql\"",
            "\"plain_before\":{",
            "\"ratioToPlain\":0.79,\"replicas\":1",
            "\"log-incoming\":2.5");
  }
}
