package org.odap.cli.bench;

import java.util.Map;

/**
 * What was measured with so many transfers in flight.
 *
 * @param cpuMillisByProcess CPU a transfer, process by process
 * @param residentMegabytes memory of all processes together at the end
 * @param clientCpuMillis CPU a transfer of the bench itself, which is not in the others
 */
record Level(
    int inFlight,
    int transfers,
    int failed,
    double seconds,
    double p50Millis,
    double p99Millis,
    Map<String, Double> cpuMillisByProcess,
    double clientCpuMillis,
    long residentMegabytes) {

  double transfersPerSecond() {
    return transfers / seconds;
  }

  double cpuMillis() {
    return cpuMillisByProcess.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
