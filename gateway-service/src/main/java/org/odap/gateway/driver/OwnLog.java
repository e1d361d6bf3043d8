package org.odap.gateway.driver;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.core.log.DerivedId;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;
import org.odap.runtime.rpc.OdapException;

/**
 * A log that is no transfer's: what a gateway remembers beside its transfers, one message an entry.
 * Its id follows from what it is about, so that any replica finds it, and only one begins it.
 *
 * @param kind what such logs hold, the last part of their ids
 * @param sessionId the first part of its id
 */
public record OwnLog(GatewaySelf self, String kind, String sessionId) {
  /**
   * The log about something.
   *
   * @param about the same for no two logs of a kind
   */
  public static OwnLog about(GatewaySelf self, String kind, String about) {
    return new OwnLog(self, kind, DerivedId.of(kind + "\n" + about));
  }

  /** The log of an id, which is of this kind. */
  public static OwnLog of(GatewaySelf self, String kind, String id) {
    return new OwnLog(self, kind, id.substring(0, id.length() - kind.length() - 1));
  }

  /** Whether a log is of a kind. */
  public static boolean isOf(String kind, String id) {
    return id.endsWith("/" + kind);
  }

  /** Id of the log. */
  public String id() {
    return sessionId + "/" + kind;
  }

  /**
   * The next entry: something is done.
   *
   * @param subject the verb's object, as in "done-post"
   * @param content what there is to say of it
   */
  public LogEntry done(
      LogHead head, String subject, String messageType, Message content, long recordedAt) {
    LogPayload payload =
        LogPayload.newBuilder()
            .setMessage("done-" + subject)
            .setMessageType(messageType)
            .setVotes("none")
            .setStep(1)
            .setOperation(LogOperation.LOG_OPERATION_DONE)
            .setGateways("GS")
            .setContent(Any.pack(content))
            .setRecordedAt(recordedAt)
            .build();
    LogFrame frame = LogFrame.ofOwn(sessionId, self.identity(), self.pubkey(), kind);
    return LogEntries.seal(frame, head, List.of(new PhasedPayload("p1", payload)), self.signer())
        .getFirst();
  }

  /**
   * What an entry holds.
   *
   * @throws OdapException LOG_CORRUPT when it holds something else
   */
  public <T extends Message> T content(LogEntry entry, Class<T> type) {
    try {
      return entry.getPayload().getContent().unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LOG_CORRUPT, id() + ": entry " + entry.getSeqNumber(), e);
    }
  }

  /** Whether an append failed because another replica has written there. */
  public static boolean isTaken(OdapException refusal) {
    return switch (refusal.reason()) {
      case ERROR_REASON_LOG_NOT_CONTINUED, ERROR_REASON_LOG_CLOSED, ERROR_REASON_EPOCH_STALE ->
          true;
      default -> false;
    };
  }
}
