package org.odap.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.odap.cli.system.LedgerKind;
import org.odap.runtime.measurement.MeasuredLoad;

/**
 * How fast a ledger's steps are done, with its adapter and without.
 *
 * @param before the plain client's load, before the adapters'
 * @param adapters by number of replicas, in the order measured
 * @param after the plain client's load once more: the machine may have changed its mood
 */
record LedgerRates(
    LedgerKind ledger, MeasuredLoad before, List<Replicated> adapters, MeasuredLoad after) {
  /** What is aimed at: this share of the plain client's rate. */
  static final double RATIO_MIN = 0.8;

  /** A load on so many replicas of the adapter. */
  record Replicated(int replicas, MeasuredLoad load) {}

  LedgerRates {
    adapters = List.copyOf(adapters);
  }

  /** The mean of both: a node that slows down with what it holds does so for the adapter, too. */
  double plainStepsPerSecond() {
    return (before.stepsPerSecond() + after.stepsPerSecond()) / 2;
  }

  /** Share of the plain client's rate. */
  double ratio(MeasuredLoad load) {
    double plain = plainStepsPerSecond();
    return plain > 0 ? load.stepsPerSecond() / plain : 0;
  }

  /** All loads, the plain client's first and last. */
  List<MeasuredLoad> loads() {
    List<MeasuredLoad> loads = new ArrayList<>(List.of(before));
    adapters.forEach(one -> loads.add(one.load()));
    loads.add(after);
    return loads;
  }
}
