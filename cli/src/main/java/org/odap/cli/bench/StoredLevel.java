package org.odap.cli.bench;

/**
 * What a log of one node did with so many entries stored.
 *
 * @param appendsPerSecond entries made durable one by one, by all writers together
 * @param readP99Millis of one entry out of any log
 * @param restartSeconds from the start after a kill until it serves: all that is stored is verified
 * @param residentMegabytes memory of the service after that
 */
record StoredLevel(
    long entries,
    double appendsPerSecond,
    double appendP99Millis,
    double readP50Millis,
    double readP99Millis,
    double restartSeconds,
    long residentMegabytes,
    long diskMegabytes) {}
