package org.odap.core.log;

/**
 * The end of a log: what the next entry continues.
 *
 * @param length number of entries
 * @param hash logEntryHash of the last, "" when there is none
 */
public record LogHead(int length, String hash) {
  /** The end of a log without entries. */
  public static final LogHead EMPTY = new LogHead(0, "");
}
