package org.odap.core.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.odap.core.transfer.FakeLedger.Holding;
import org.odap.core.transfer.SmallWorld.Moment;

/**
 * A walk through all moments of a world, breadth first. At each of them the asset is where it may
 * be, and from each of them both transfers can end.
 */
final class Exploration {
  /** A world with more is too big to be looked at in a test. */
  private static final int MOMENTS_MAX = 3_000_000;

  private final SmallWorld world;
  private final List<Moment> moments = new ArrayList<>();
  private final Map<Moment, Integer> numbers = new HashMap<>();
  private final List<int[]> next = new ArrayList<>();
  private final List<Integer> cameFrom = new ArrayList<>();

  Exploration(SmallWorld world) {
    this.world = world;
  }

  /** Walks; gives how many moments there are. */
  int run() {
    number(world.start(), -1);
    for (int i = 0; i < moments.size(); i++) {
      check(i);
      Moment moment = moments.get(i);
      int here = i;
      List<Integer> following = new ArrayList<>();
      world.next(moment, after -> following.add(number(after, here)));
      next.add(following.stream().mapToInt(Integer::intValue).distinct().toArray());
    }
    everyoneCanEnd();
    return moments.size();
  }

  private int number(Moment moment, int from) {
    Integer known = numbers.get(moment);
    if (known != null) {
      return known;
    }
    if (moments.size() == MOMENTS_MAX) {
      throw new AssertionError("the world is not small: " + MOMENTS_MAX + " moments");
    }
    numbers.put(moment, moments.size());
    moments.add(moment);
    cameFrom.add(from);
    return moments.size() - 1;
  }

  /** What must hold at every moment. */
  private void check(int i) {
    Moment moment = moments.get(i);
    State sender = world.sender(moment).state();
    State recipient = world.recipient(moment).state();
    Holding source = world.source(moment).holdsAsSource(world.now(moment));
    boolean created = world.destination(moment).holdsAsDestination() == Holding.FREE;
    boolean extinguished = source == Holding.NOTHING;
    require(i, !created || extinguished, "the asset is on both ledgers");
    require(
        i,
        !extinguished || !(gaveUp(sender) || gaveUp(recipient)),
        "given up after the commit point");
    require(
        i,
        sender != SenderState.COMPLETED || recipient == RecipientState.COMPLETED,
        "the sender was told of an end that is none");
    require(
        i,
        recipient != RecipientState.COMPLETED || created,
        "the recipient has completed and the asset is nowhere");
    require(
        i,
        !(sender.ended() && gaveUp(sender)) || !boundForEver(world.recipient(moment)),
        "the recipient is bound for ever");
    require(
        i,
        !(sender.ended() && gaveUp(sender)) || source == Holding.FREE,
        "the sender has given up and the asset is still locked");
  }

  /** After a vote in three-phase commit it still gives up alone at the expiry. */
  private static boolean boundForEver(Transfer recipient) {
    return recipient.state() == RecipientState.PRECOMMITTED
        || (recipient.state() == RecipientState.PREPARED && !recipient.session().isThreePhase());
  }

  private static boolean gaveUp(State state) {
    return switch (state) {
      case SenderState sender ->
          EnumSet.of(SenderState.ROLLING_BACK, SenderState.ROLLED_BACK, SenderState.REFUSED)
              .contains(sender);
      case RecipientState recipient ->
          EnumSet.of(
                  RecipientState.ROLLING_BACK, RecipientState.ROLLED_BACK, RecipientState.REFUSED)
              .contains(recipient);
    };
  }

  /** Walks backwards from the moments at which both transfers have ended. */
  private void everyoneCanEnd() {
    List<List<Integer>> before = new ArrayList<>();
    moments.forEach(moment -> before.add(new ArrayList<>()));
    for (int i = 0; i < next.size(); i++) {
      for (int after : next.get(i)) {
        before.get(after).add(i);
      }
    }
    BitSet canEnd = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < moments.size(); i++) {
      if (ended(moments.get(i))) {
        canEnd.set(i);
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      for (int earlier : before.get(open.remove())) {
        if (!canEnd.get(earlier)) {
          canEnd.set(earlier);
          open.add(earlier);
        }
      }
    }
    int stuck = canEnd.nextClearBit(0);
    require(Math.min(stuck, moments.size() - 1), stuck == moments.size(), "this can never end");
  }

  private boolean ended(Moment moment) {
    State recipient = world.recipient(moment).state();
    return world.sender(moment).state().ended()
        && (recipient.ended() || recipient == RecipientState.UNOPENED);
  }

  private void require(int i, boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + story(i));
    }
  }

  /** The shortest way that leads to a moment. */
  private String story(int end) {
    Deque<String> lines = new ArrayDeque<>();
    for (int i = end; cameFrom.get(i) >= 0; i = cameFrom.get(i)) {
      lines.addFirst(world.difference(moments.get(cameFrom.get(i)), moments.get(i)));
    }
    return "\n  " + String.join("\n  ", lines);
  }
}
