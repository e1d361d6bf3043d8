package org.odap.cli.bench;

/**
 * A part of a soak.
 *
 * @param atSeconds when it ended, since the start
 * @param openFiles of all processes together
 */
record SoakMinute(double atSeconds, Level level, long openFiles) {}
