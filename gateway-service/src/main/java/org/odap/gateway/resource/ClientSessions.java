package org.odap.gateway.resource;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.PhasedPayload;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.LogAppender;
import org.odap.runtime.rpc.OdapException;

/**
 * Reads and continues the logs of clients' sessions. The log is the state: nothing is kept here but
 * which sessions are busy.
 */
final class ClientSessions {
  /** Something to put on record. */
  record Note(LogOperation operation, String step, Message content) {}

  private static final String PHASE = "p0";

  private final LogAppender logs;
  private final GatewaySelf self;
  private final Clock clock;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  ClientSessions(LogAppender logs, GatewaySelf self, Clock clock) {
    this.logs = logs;
    this.self = self;
    this.clock = clock;
  }

  /**
   * Does something with a session while nobody else does.
   *
   * @throws OdapException TOO_EARLY when somebody else does
   */
  <T> T alone(String sessionId, Supplier<T> work) {
    if (!busy.add(sessionId)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_TOO_EARLY,
          "session_id: a call in this session is still being answered");
    }
    try {
      return work.get();
    } finally {
      busy.remove(sessionId);
    }
  }

  /** The session as its log has it now; nothing is in it when there is no log. */
  ClientSession read(String sessionId) {
    return ClientSession.of(sessionId, logs.read(logId(sessionId), 1));
  }

  /** Puts records on the session's log; when it returns they are on disk. */
  ClientSession append(ClientSession session, String dltSystem, List<Note> records, boolean close) {
    List<PhasedPayload> payloads = new ArrayList<>();
    for (Note record : records) {
      payloads.add(
          new PhasedPayload(
              PHASE,
              LogPayload.newBuilder()
                  .setMessage(record.step())
                  .setMessageType("session-log")
                  .setVotes("none")
                  .setStep(session.head().length() + payloads.size() + 1)
                  .setOperation(record.operation())
                  .setGateways("GS")
                  .setContent(Any.pack(record.content()))
                  .setRecordedAt(clock.millis())
                  .build()));
    }
    List<LogEntry> entries =
        LogEntries.seal(frame(session.id(), dltSystem), session.head(), payloads, self.signer());
    logs.append(logId(session.id()), entries, close);
    // What is in memory would do, but what is read is what the next call will see.
    return read(session.id());
  }

  private LogFrame frame(String sessionId, String dltSystem) {
    return new LogFrame(
        sessionId,
        self.pubkey(),
        dltSystem,
        self.pubkey(),
        dltSystem,
        self.identity(),
        self.identity(),
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
  }

  private static String logId(String sessionId) {
    return sessionId + "/client";
  }
}
