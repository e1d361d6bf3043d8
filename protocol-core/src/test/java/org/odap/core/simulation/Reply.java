package org.odap.core.simulation;

import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/** What a gateway says to a request of its peer. */
sealed interface Reply {
  /** The answer. */
  record Answer(OdapMessage message) implements Reply {}

  /** A refusal for good. */
  record Refused(Refusal refusal) implements Reply {}

  /** There is no answer yet: come again. */
  record TooEarly() implements Reply {}

  /** This replica does not run the transfer; another may. */
  record NotHere() implements Reply {}
}
