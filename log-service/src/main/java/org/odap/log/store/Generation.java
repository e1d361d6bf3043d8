package org.odap.log.store;

import java.time.Instant;

/**
 * One backup of several in a folder.
 *
 * @param number larger than that of every one before
 * @param moment what was acknowledged before is in it
 * @param bytes size of what is to be restored; files are shared between generations
 */
public record Generation(int number, Instant moment, long bytes) {}
