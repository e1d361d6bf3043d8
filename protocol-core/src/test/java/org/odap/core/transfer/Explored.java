package org.odap.core.transfer;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an {@link Exploration} walks through.
 *
 * @param <M> a moment; two that are equal have the same future
 */
interface Explored<M> {
  /** Where it begins. */
  M start();

  /** Shows every moment that can come next. */
  void next(M moment, Consumer<M> seen);

  /** What must never be, and is at this moment. */
  Optional<String> fault(M moment);

  /** Whether all transfers have ended. */
  boolean ended(M moment);

  /** What changed from one moment to the next, in words. */
  String difference(M before, M after);
}
