package org.odap.core.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.odap.core.transfer.FakeLedger.Holding;
import org.odap.core.transfer.SmallWorld.Moment;

/**
 * Two transfers of the same asset, ordered at the same time, in one world: their source ledger is
 * one, and locks an asset for one transfer at a time. A moment is a moment of each; what can happen
 * to one depends on the other only in whether the asset can be locked.
 */
final class Competition implements Explored<Competition.Both> {
  /** Numbers of a moment of each transfer. */
  record Both(int one, int other) {}

  private final Half one;
  private final Half other;

  /** Both worlds show the same hours. */
  Competition(SmallWorld one, SmallWorld other) {
    this.one = new Half(one);
    this.other = new Half(other);
  }

  @Override
  public Both start() {
    return new Both(one.number(one.world.start()), other.number(other.world.start()));
  }

  @Override
  public void next(Both moment, Consumer<Both> seen) {
    boolean oneHolds = one.holds(moment.one());
    boolean otherHolds = other.holds(moment.other());
    for (int after : one.next(moment.one(), otherHolds)) {
      seen.accept(new Both(after, moment.other()));
    }
    for (int after : other.next(moment.other(), oneHolds)) {
      seen.accept(new Both(moment.one(), after));
    }
    int oneLater = one.later(moment.one());
    if (oneLater != moment.one()) {
      seen.accept(new Both(oneLater, other.later(moment.other())));
    }
  }

  @Override
  public Optional<String> fault(Both moment) {
    if (one.holds(moment.one()) && other.holds(moment.other())) {
      return Optional.of("the asset is locked or extinguished for two transfers");
    }
    return one.fault(moment.one()).or(() -> other.fault(moment.other()));
  }

  @Override
  public boolean ended(Both moment) {
    return one.ended(moment.one()) && other.ended(moment.other());
  }

  @Override
  public String difference(Both before, Both after) {
    String first = one.difference(before.one(), after.one());
    String second = other.difference(before.other(), after.other());
    return (first.isEmpty() ? "" : "first: " + first)
        + (second.isEmpty() ? "" : (first.isEmpty() ? "" : "; ") + "second: " + second);
  }

  /** The moment of the first transfer. */
  Moment first(Both moment) {
    return one.moments.get(moment.one());
  }

  /** The moment of the second transfer. */
  Moment second(Both moment) {
    return other.moments.get(moment.other());
  }

  /** One transfer, whose moments are known by their numbers. */
  private static final class Half {
    private final SmallWorld world;
    private final List<Moment> moments = new ArrayList<>();
    private final Map<Moment, Integer> numbers = new HashMap<>();
    private final Map<Integer, int[]> nextAlone = new HashMap<>();
    private final Map<Integer, int[]> nextWhileTaken = new HashMap<>();
    private final List<Optional<String>> faults = new ArrayList<>();

    Half(SmallWorld world) {
      this.world = world;
    }

    int number(Moment moment) {
      Integer known = numbers.putIfAbsent(moment, moments.size());
      if (known != null) {
        return known;
      }
      moments.add(moment);
      faults.add(world.fault(moment));
      return moments.size() - 1;
    }

    int[] next(int moment, boolean taken) {
      Map<Integer, int[]> next = taken ? nextWhileTaken : nextAlone;
      int[] known = next.get(moment);
      if (known == null) {
        List<Integer> following = new ArrayList<>();
        world.next(moments.get(moment), taken, after -> following.add(number(after)));
        known = following.stream().mapToInt(Integer::intValue).distinct().toArray();
        next.put(moment, known);
      }
      return known;
    }

    /** The same moment when the clock shows the next hour; the same one after the last. */
    int later(int moment) {
      return world.later(moments.get(moment)).map(this::number).orElse(moment);
    }

    boolean holds(int moment) {
      Moment at = moments.get(moment);
      return world.source(at).holdsAsSource(world.now(at)) != Holding.FREE;
    }

    Optional<String> fault(int moment) {
      return faults.get(moment);
    }

    boolean ended(int moment) {
      return world.ended(moments.get(moment));
    }

    String difference(int before, int after) {
      return world.difference(moments.get(before), moments.get(after));
    }
  }
}
