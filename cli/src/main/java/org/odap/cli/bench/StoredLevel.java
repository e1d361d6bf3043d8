package org.odap.cli.bench;

/**
 * What transfers cost with so many entries in the log of each side.
 *
 * @param restartSeconds of a log, from its start after a kill until it serves: it verifies all that
 *     is stored
 * @param diskMegabytes of a log
 */
record StoredLevel(long entries, Level level, double restartSeconds, long diskMegabytes) {}
