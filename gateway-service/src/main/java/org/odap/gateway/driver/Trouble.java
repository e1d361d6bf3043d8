package org.odap.gateway.driver;

import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/**
 * Something a transfer waits for and that is tried again and again, without success yet
 * (recovery-01 4.3).
 *
 * @param effect what is tried, for a person
 * @param reason why the last attempt failed
 * @param description the same for a person
 * @param since when the first of the attempts failed, UNIX milliseconds
 * @param attempts attempts since then, at least 1
 */
public record Trouble(
    String effect, ErrorReason reason, String description, long since, int attempts) {
  static Trouble first(String effect, OdapException failure, long now) {
    return new Trouble(effect, failure.reason(), failure.description(), now, 1);
  }

  Trouble again(OdapException failure) {
    return new Trouble(effect, failure.reason(), failure.description(), since, attempts + 1);
  }

  /** Whether a person who knows of the other one learns nothing from this but the attempts. */
  public boolean isStill(Trouble other) {
    return since == other.since && reason == other.reason && effect.equals(other.effect);
  }
}
