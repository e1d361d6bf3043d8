package org.odap.log.store;

/**
 * Where two copies of a log disagree (recovery-01 4.5.5).
 *
 * @param index the first entry known to differ
 * @param storedHash log_entry_hash of the stored one
 * @param givenHash log_entry_hash of the one given
 * @param lastCommonIndex the last entry known to be the same; 0 = none
 */
public record Fork(int index, String storedHash, String givenHash, int lastCommonIndex) {}
