package org.odap.core.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries calls and their answers: late, out of order, twice, or not at all. */
final class Network {
  private static final long TIMEOUT_MILLIS = 2_000;

  private final Events events;
  private final Map<String, Long> cutUntil = new HashMap<>();
  private boolean quiet;
  private double loss;
  private double doubling;

  Network(Events events) {
    this.events = events;
    loss = events.chance(0.5) ? 0.02 : 0.15;
    doubling = events.chance(0.5) ? 0.02 : 0.15;
  }

  /** From now on it does what it should. */
  void heal() {
    quiet = true;
    loss = 0;
    doubling = 0;
    cutUntil.clear();
  }

  /** Nothing gets through between two processes for a while. */
  void cut(Node one, Node other, long millis) {
    cutUntil.merge(pair(one, other), events.now() + millis, Math::max);
  }

  /**
   * Calls another process.
   *
   * @param handler what the other one does, once or more; it is given the way back
   * @param back told once: the answer, or that there was none in time
   */
  <T> void call(Node from, Node to, Consumer<Consumer<T>> handler, Consumer<Optional<T>> back) {
    boolean[] over = new boolean[1];
    int life = from.life();
    Consumer<Optional<T>> once =
        answer ->
            from.reach(
                life,
                () -> {
                  if (!over[0]) {
                    over[0] = true;
                    back.accept(answer);
                  }
                });
    Consumer<T> answers = answer -> carry(to, from, () -> once.accept(Optional.of(answer)));
    int copies = events.chance(doubling) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      carry(from, to, () -> to.reach(to.life(), () -> handler.accept(answers)));
    }
    events.after(TIMEOUT_MILLIS, () -> once.accept(Optional.empty()));
  }

  private void carry(Node from, Node to, Runnable arrives) {
    boolean isCut = cutUntil.getOrDefault(pair(from, to), 0L) > events.now();
    if (isCut || events.chance(loss)) {
      return;
    }
    long delay = events.between(1, 30);
    if (!quiet && events.chance(0.02)) {
      delay = events.between(1_000, 20_000);
    }
    events.after(delay, arrives);
  }

  private static String pair(Node one, Node other) {
    return one.name().compareTo(other.name()) < 0
        ? one.name() + other.name()
        : other.name() + one.name();
  }
}
