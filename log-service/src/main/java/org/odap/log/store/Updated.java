package org.odap.log.store;

/**
 * What an update of a log found and did (recovery-01 4.5.5).
 *
 * @param lastCommonIndex index of the last entry that both had
 * @param length number of entries now
 */
public record Updated(int lastCommonIndex, int length) {}
