package org.odap.log.store;

/**
 * Something stored is not what was written.
 *
 * @param place the log, or the part of the store when no log can be named
 * @param index the entry; 0 when it is not about one entry
 * @param what what is wrong, for a person
 */
public record Damage(String place, int index, String what) {
  @Override
  public String toString() {
    return index == 0
        ? "%s: %s".formatted(place, what)
        : "%s entry %d: %s".formatted(place, index, what);
  }
}
