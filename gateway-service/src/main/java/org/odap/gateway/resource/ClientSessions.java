package org.odap.gateway.resource;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.storage.v1.SessionEnded;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.PhasedPayload;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.LogAppender;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and continues the logs of clients' sessions, and ends those that nobody uses any more. The
 * log is the state; what is kept of it here only spares reading it again.
 *
 * <p>Mutable: which sessions are busy, and which live here: those with an open log that this
 * replica has written or claimed under its present lease. With the lease goes all that was known
 * under it.
 */
public final class ClientSessions implements Part {
  private static final Logger log = LoggerFactory.getLogger(ClientSessions.class);

  /** Something to put on record. */
  record Note(LogOperation operation, String step, Message content) {}

  private static final String PHASE = "p0";
  private static final String LOG_SUFFIX = "/client";

  /** No ledger's. */
  static final String NO_DLT = "none";

  /** What is kept of sessions' entries at most; what was used least lately is read again. */
  private static final long KEPT_BYTES_MAX = 64L << 20;

  private static final Duration SWEEP_MAX = Duration.ofMinutes(1);

  private final Supplier<LogAppender> logs;
  private final LongSupplier epoch;
  private final GatewaySelf self;
  private final Duration idle;
  private final Clock clock;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final Map<String, Living> living = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("client-sessions").factory());

  /**
   * A session whose log is open and this replica's.
   *
   * @param epoch the lease's under which it became so
   * @param usedAt when its last entry was written, UNIX milliseconds
   * @param session as its log has it, where that is kept
   */
  private record Living(long epoch, long usedAt, Optional<ClientSession> session) {
    Living forgotten() {
      return new Living(epoch, usedAt, Optional.empty());
    }

    long weight() {
      return session.map(ClientSession::weight).orElse(0L);
    }
  }

  /**
   * Nothing is known yet.
   *
   * @param logs this replica's logs, once it writes any
   * @param epoch the one this replica writes under
   * @param idle a session with no new entry for so long ends
   */
  public ClientSessions(
      Supplier<LogAppender> logs,
      LongSupplier epoch,
      GatewaySelf self,
      Duration idle,
      Clock clock) {
    this.logs = logs;
    this.epoch = epoch;
    this.self = self;
    this.idle = idle;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "client sessions";
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  public void start() {
    long pause = Math.min(idle.toMillis() / 10 + 1, SWEEP_MAX.toMillis());
    timer.scheduleWithFixedDelay(this::endIdle, pause, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }

  /** Whether a log is that of a client's session. */
  public static boolean isLog(String logId) {
    return logId.endsWith(LOG_SUFFIX);
  }

  /** Goes on with a session whose log has become this replica's. */
  public void claimed(String logId) {
    long under = epoch.getAsLong();
    List<LogEntry> entries = logs.get().read(logId, 1);
    if (!entries.isEmpty()) {
      long usedAt = entries.getLast().getPayload().getRecordedAt();
      String sessionId = logId.substring(0, logId.length() - LOG_SUFFIX.length());
      Living _ =
          living.compute(
              sessionId,
              (id, before) ->
                  before != null && before.epoch() == under
                      ? before
                      : new Living(under, usedAt, Optional.empty()));
    }
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
    long under = epoch.getAsLong();
    return Optional.ofNullable(living.get(sessionId))
        .filter(one -> one.epoch() == under)
        .flatMap(Living::session)
        .orElseGet(() -> ClientSession.of(sessionId, logs.get().read(sessionId + LOG_SUFFIX, 1)));
  }

  /** Puts records on the session's log; when it returns they are on disk. */
  ClientSession append(ClientSession session, String dltSystem, List<Note> records, boolean close) {
    long under = epoch.getAsLong();
    List<LogEntry> entries =
        LogEntries.seal(
            frame(session.id(), dltSystem),
            session.head(),
            payloads(session, records),
            self.signer());
    try {
      logs.get().append(session.id() + LOG_SUFFIX, entries, close);
    } catch (OdapException e) {
      // Whether they are stored the log tells.
      Living _ = living.computeIfPresent(session.id(), (id, one) -> one.forgotten());
      throw e;
    }
    ClientSession now = session.with(entries);
    if (close) {
      Living _ = living.remove(session.id());
    } else {
      Living latest = new Living(under, clock.millis(), Optional.of(now));
      // A claim under a newer lease may have come in between: then the log tells.
      Living _ =
          living.merge(
              session.id(),
              latest,
              (before, after) -> before.epoch() > under ? before.forgotten() : after);
      trim();
    }
    return now;
  }

  private List<PhasedPayload> payloads(ClientSession session, List<Note> records) {
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
    return payloads;
  }

  private void trim() {
    long kept = living.values().stream().mapToLong(Living::weight).sum();
    while (kept > KEPT_BYTES_MAX) {
      Optional<Map.Entry<String, Living>> oldest =
          living.entrySet().stream()
              .filter(one -> one.getValue().session().isPresent())
              .min(Comparator.comparingLong(one -> one.getValue().usedAt()));
      if (oldest.isEmpty()) {
        return;
      }
      kept -= oldest.get().getValue().weight();
      boolean _ =
          living.replace(
              oldest.get().getKey(), oldest.get().getValue(), oldest.get().getValue().forgotten());
    }
  }

  /** Ends the sessions that live here and have had no new entry for too long. */
  void endIdle() {
    long under = epoch.getAsLong();
    // Another replica may have those of a former lease; if this one has them, it claims them.
    boolean _ = living.values().removeIf(one -> one.epoch() != under);
    living.forEach((id, one) -> {
      if (isIdle(one)) {
        tryEnd(id);
      }
    });
  }

  private boolean isIdle(Living one) {
    return one.usedAt() + idle.toMillis() < clock.millis();
  }

  private void tryEnd(String sessionId) {
    try {
      boolean _ =
          alone(
              sessionId,
              () -> {
                boolean isIdle =
                    Optional.ofNullable(living.get(sessionId)).filter(this::isIdle).isPresent();
                if (isIdle) {
                  end(read(sessionId));
                }
                return isIdle;
              });
    } catch (OdapException e) {
      log.atDebug()
          .addKeyValue("session", sessionId)
          .addKeyValue("cause", e.description())
          .log("idle session not ended, trying again");
    } catch (RuntimeException e) {
      log.atError().addKeyValue("session", sessionId).setCause(e).log("idle session not ended");
    }
  }

  private void end(ClientSession session) {
    SessionEnded ended = SessionEnded.newBuilder().setIdleMillis(idle.toMillis()).build();
    ClientSession _ =
        append(
            session,
            NO_DLT,
            List.of(new Note(LogOperation.LOG_OPERATION_DONE, "done-session", ended)),
            true);
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
}
