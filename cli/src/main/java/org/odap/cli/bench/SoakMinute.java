package org.odap.cli.bench;

/**
 * A part of a soak.
 *
 * @param atSeconds when it ended, since the start
 * @param openFiles of all processes together
 */
record SoakMinute(
    double atSeconds,
    int transfers,
    int failed,
    double perSecond,
    double p99Millis,
    double cpuMillis,
    long residentMegabytes,
    long openFiles) {}
