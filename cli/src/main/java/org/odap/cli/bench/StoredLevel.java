package org.odap.cli.bench;

/**
 * What transfers cost with so many entries in the log of each side.
 *
 * @param cpuMillis a transfer, all services together
 * @param restartSeconds of a log, from its start after a kill until it serves: it verifies all that
 *     is stored
 * @param diskMegabytes of a log
 */
record StoredLevel(
    long entries,
    int transfers,
    int failed,
    double perSecond,
    double p99Millis,
    double cpuMillis,
    double restartSeconds,
    long diskMegabytes) {}
