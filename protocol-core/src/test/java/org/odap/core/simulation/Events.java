package org.odap.core.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * The time of a simulation: what is to happen, in order, and nothing in between. Everything that
 * chance decides is drawn from one seed, so that a seed is a run.
 */
final class Events {
  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final Random random;
  private long now;
  private long scheduled;
  private long happened;

  Events(long seed, long start) {
    random = new Random(seed);
    now = start;
  }

  /** UNIX milliseconds. */
  long now() {
    return now;
  }

  /** How many there were. */
  long happened() {
    return happened;
  }

  void after(long millis, Runnable what) {
    queue.add(new Event(now + millis, scheduled++, what));
  }

  /** Lets the next one happen. */
  void step() {
    Event next = queue.remove();
    now = next.at();
    happened++;
    next.what().run();
  }

  /** From 0 to below the bound. */
  int draw(int bound) {
    return random.nextInt(bound);
  }

  /** From one number to the other, both included. */
  long between(long least, long most) {
    return least + random.nextLong(most - least + 1);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  long number() {
    return random.nextLong();
  }
}
