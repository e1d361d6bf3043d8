package org.odap.log.entry;

import org.odap.api.common.v1.ErrorReason;

/**
 * How a request to the log ended: done, or refused for a reason the caller can act on. Bugs and
 * broken disks are exceptions, not outcomes.
 */
public sealed interface Outcome<T> {
  /** The request was carried out; what it changed is durable. */
  record Done<T>(T value) implements Outcome<T> {}

  /** The request changed nothing. */
  record Refused<T>(ErrorReason reason, String description) implements Outcome<T> {
    /** The same refusal as an answer to another question. */
    public <U> Outcome<U> as() {
      return new Refused<>(reason, description);
    }
  }

  /** Makes a {@link Done}. */
  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  /** Makes a {@link Refused}. */
  static <T> Outcome<T> refused(ErrorReason reason, String description) {
    return new Refused<>(reason, description);
  }
}
