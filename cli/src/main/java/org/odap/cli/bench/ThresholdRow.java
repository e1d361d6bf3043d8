package org.odap.cli.bench;

import java.util.Map;
import java.util.Optional;

/**
 * One point of figure 4.
 *
 * @param ratio f/n as "1/3"
 * @param participants n
 * @param threshold how many must sign
 * @param honestMillis a round in which all are honest, p50
 * @param liarsMillis a round in which f lie and are named, p50
 * @param signMillis a participant's part of it, p50
 * @param combineMillis the gateway's part of a round in which all are honest, p50
 * @param messageBytes of all requests and answers
 * @param residentMegabytes that the group's public data took
 */
record ThresholdRow(
    String ratio,
    int participants,
    int threshold,
    double honestMillis,
    double liarsMillis,
    double signMillis,
    double combineMillis,
    long messageBytes,
    long residentMegabytes) {
  /** What the paper says of its figure 4, milliseconds a round; it gives no other numbers. */
  private static final Map<String, Map<Integer, Integer>> PAPER =
      Map.of("1/6", Map.of(200, 200, 800, 700), "1/3", Map.of(200, 200, 800, 1_340));

  Optional<Integer> paperMillis() {
    return Optional.ofNullable(PAPER.getOrDefault(ratio, Map.of()).get(participants));
  }
}
