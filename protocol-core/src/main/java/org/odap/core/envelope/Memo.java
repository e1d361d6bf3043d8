package org.odap.core.envelope;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value computed when first asked for. Two threads may both compute it; they get equal values.
 */
final class Memo<T> {
  private final Supplier<T> computation;
  private volatile Optional<T> value = Optional.empty();

  Memo(Supplier<T> computation) {
    this.computation = computation;
  }

  T get() {
    Optional<T> known = value;
    if (known.isPresent()) {
      return known.get();
    }
    T computed = computation.get();
    value = Optional.of(computed);
    return computed;
  }
}
