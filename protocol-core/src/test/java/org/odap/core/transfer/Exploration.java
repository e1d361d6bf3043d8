package org.odap.core.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A walk through all moments of a world, breadth first. At each of them all is as it may be, and
 * from each of them all transfers can end.
 *
 * @param <M> a moment
 */
final class Exploration<M> {
  /** A world with more is too big to be looked at in a test. */
  private static final int MOMENTS_MAX = 3_000_000;

  private final Explored<M> world;
  private final List<M> moments = new ArrayList<>();
  private final Map<M, Integer> numbers = new HashMap<>();
  private final List<int[]> next = new ArrayList<>();
  private int[] cameFrom = new int[1024];

  Exploration(Explored<M> world) {
    this.world = world;
  }

  /** Walks; gives how many moments there are. */
  int run() {
    number(world.start(), -1);
    Numbers following = new Numbers();
    for (int i = 0; i < moments.size(); i++) {
      M moment = moments.get(i);
      refuse(i, world.fault(moment));
      int here = i;
      following.clear();
      world.next(moment, after -> following.add(number(after, here)));
      next.add(following.distinct());
    }
    everyoneCanEnd();
    return moments.size();
  }

  /** Looks at every moment at which all transfers have ended. */
  void ends(Function<M, Optional<String>> fault) {
    for (int i = 0; i < moments.size(); i++) {
      if (world.ended(moments.get(i))) {
        refuse(i, fault.apply(moments.get(i)));
      }
    }
  }

  private int number(M moment, int from) {
    Integer known = numbers.putIfAbsent(moment, moments.size());
    if (known != null) {
      return known;
    }
    if (moments.size() == MOMENTS_MAX) {
      throw new AssertionError("the world is not small: " + MOMENTS_MAX + " moments");
    }
    if (moments.size() == cameFrom.length) {
      cameFrom = Arrays.copyOf(cameFrom, 2 * cameFrom.length);
    }
    cameFrom[moments.size()] = from;
    moments.add(moment);
    return moments.size() - 1;
  }

  /** Walks backwards from the moments at which all transfers have ended. */
  private void everyoneCanEnd() {
    int[] firstBefore = new int[moments.size() + 1];
    next.forEach(following -> Arrays.stream(following).forEach(after -> firstBefore[after + 1]++));
    Arrays.parallelPrefix(firstBefore, Integer::sum);
    int[] before = new int[firstBefore[moments.size()]];
    int[] filled = firstBefore.clone();
    for (int i = 0; i < next.size(); i++) {
      for (int after : next.get(i)) {
        before[filled[after]++] = i;
      }
    }
    BitSet canEnd = new BitSet();
    int[] open = new int[moments.size()];
    int found = 0;
    for (int i = 0; i < moments.size(); i++) {
      if (world.ended(moments.get(i))) {
        canEnd.set(i);
        open[found++] = i;
      }
    }
    for (int done = 0; done < found; done++) {
      for (int edge = firstBefore[open[done]]; edge < firstBefore[open[done] + 1]; edge++) {
        int earlier = before[edge];
        if (!canEnd.get(earlier)) {
          canEnd.set(earlier);
          open[found++] = earlier;
        }
      }
    }
    int stuck = canEnd.nextClearBit(0);
    if (stuck < moments.size()) {
      refuse(stuck, Optional.of("this can never end"));
    }
  }

  private void refuse(int i, Optional<String> fault) {
    if (fault.isPresent()) {
      throw new AssertionError(fault.get() + story(i));
    }
  }

  /** The shortest way that leads to a moment. */
  private String story(int end) {
    Deque<String> lines = new ArrayDeque<>();
    for (int i = end; cameFrom[i] >= 0; i = cameFrom[i]) {
      lines.addFirst(world.difference(moments.get(cameFrom[i]), moments.get(i)));
    }
    return "\n  " + String.join("\n  ", lines);
  }

  /** A few numbers, for one moment after another. */
  private static final class Numbers {
    private int[] numbers = new int[64];
    private int count;

    void clear() {
      count = 0;
    }

    void add(int number) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number;
    }

    int[] distinct() {
      Arrays.sort(numbers, 0, count);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (i == 0 || numbers[i] != numbers[i - 1]) {
          numbers[kept++] = numbers[i];
        }
      }
      return Arrays.copyOf(numbers, kept);
    }
  }
}
