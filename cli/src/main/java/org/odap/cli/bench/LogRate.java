package org.odap.cli.bench;

/**
 * How fast something was made durable.
 *
 * @param what is measured, for people
 * @param perSecond entries made durable, by all writers together
 * @param ofPuts the same, divided by that of RocksDB's own puts in this run
 */
record LogRate(
    String what, int writers, double perSecond, double p50Millis, double p99Millis, double ofPuts) {
  LogRate of(LogRate puts) {
    return new LogRate(
        what, writers, perSecond, p50Millis, p99Millis, perSecond / puts.perSecond());
  }
}
