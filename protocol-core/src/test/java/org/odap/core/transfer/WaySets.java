package org.odap.core.transfer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sets of what is on its way, each kept once and known by its number: worlds have millions of
 * moments, and few sets. Owned by one world.
 */
final class WaySets {
  /** Number of the set of nothing. */
  static final int NONE = 0;

  private final List<int[]> members = new ArrayList<>();
  private final List<BitSet> sets = new ArrayList<>();
  private final Map<BitSet, Integer> numbers = new HashMap<>();
  private final Map<Long, Integer> unions = new HashMap<>();

  WaySets() {
    int _ = number(new BitSet());
  }

  int number(BitSet set) {
    Integer known = numbers.get(set);
    if (known != null) {
      return known;
    }
    numbers.put(set, sets.size());
    sets.add(set);
    members.add(set.stream().toArray());
    return sets.size() - 1;
  }

  int single(int way) {
    BitSet set = new BitSet();
    set.set(way);
    return number(set);
  }

  int union(int one, int other) {
    if (one == other || other == NONE) {
      return one;
    }
    long key = ((long) one << Integer.SIZE) | other;
    Integer known = unions.get(key);
    if (known != null) {
      return known;
    }
    BitSet union = (BitSet) sets.get(one).clone();
    union.or(sets.get(other));
    int number = number(union);
    unions.put(key, number);
    return number;
  }

  /** What is in a set. */
  int[] members(int set) {
    return members.get(set);
  }

  /** What is in one set and not in the other. */
  int[] added(int before, int after) {
    BitSet added = (BitSet) sets.get(after).clone();
    added.andNot(sets.get(before));
    return added.stream().toArray();
  }
}
