package org.odap.core.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Recovery;

/**
 * The messages of the phases and of rollback that a log holds, in its order; those of recoveries
 * are left out.
 *
 * @param spoken the entries with a message
 */
record SessionLog(List<Spoken> spoken) {
  /**
   * An entry that holds a message.
   *
   * @param entry the entry
   * @param message what it holds
   */
  record Spoken(LogEntry entry, OdapMessage message) {}

  /** The messages in a log; an entry that can't be read is an IllegalArgumentException. */
  static SessionLog of(List<LogEntry> entries) {
    List<Spoken> spoken = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (OdapMessage.isIn(entry.getPayload().getContent())) {
        OdapMessage message = OdapMessage.unpack(entry.getPayload().getContent());
        if (!Recovery.isAbout(message.type())) {
          spoken.add(new Spoken(entry, message));
        }
      }
    }
    return new SessionLog(List.copyOf(spoken));
  }

  boolean holds(String hash) {
    return spoken.stream().anyMatch(one -> one.message().hash().equals(hash));
  }

  /** Another message of the same type and number: one of the two should not exist. */
  Optional<OdapMessage> rival(OdapMessage message) {
    return spoken.stream()
        .map(Spoken::message)
        .filter(one -> one.type() == message.type())
        .filter(one -> one.sequenceNumber() == message.sequenceNumber())
        .filter(one -> !one.hash().equals(message.hash()))
        .findFirst();
  }

  /** What comes after the message with this hash; all of it when there is no such message. */
  SessionLog after(String hash) {
    for (int i = 0; i < spoken.size(); i++) {
      if (spoken.get(i).message().hash().equals(hash)) {
        return new SessionLog(spoken.subList(i + 1, spoken.size()));
      }
    }
    return this;
  }

  /** Whether it begins where sessions begin. */
  boolean isWhole() {
    return !spoken.isEmpty()
        && spoken.getFirst().message().type() == MessageType.INITIALIZATION_REQUEST
        && spoken.getFirst().message().previousHash().isEmpty();
  }
}
