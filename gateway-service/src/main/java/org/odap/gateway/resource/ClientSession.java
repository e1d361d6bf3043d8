package org.odap.gateway.resource;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.ActionDone;
import org.odap.api.storage.v1.ActionIntent;
import org.odap.api.storage.v1.SessionEnded;
import org.odap.api.storage.v1.SessionOpened;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogHead;

/**
 * A client's session with its gateway as its log has it (ODAP 5.6.5): what was asked under which
 * number, and what was answered. Immutable.
 *
 * <p>Invariant: numbers of actions follow each other without gaps from the session's first on.
 *
 * @param isEnded nothing new can be asked in it
 * @param weight bytes of its entries
 */
record ClientSession(
    String id,
    Optional<SessionOpened> opened,
    TreeMap<Integer, Act> acts,
    boolean isEnded,
    long weight,
    LogHead head) {
  /**
   * An action.
   *
   * @param first what was answered to its caller, once something was
   * @param latest how it stands, as far as is known
   */
  record Act(
      ActionIntent intent,
      PerformActionRequest request,
      Optional<PerformActionResponse> first,
      Optional<PerformActionResponse> latest) {
    int number() {
      return intent.getSequenceNumber();
    }

    boolean isSettled() {
      return latest
          .filter(answer -> answer.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED)
          .isPresent();
    }
  }

  /** A session as its log has it; nothing is in it when there is no log. */
  static ClientSession of(String id, List<LogEntry> entries) {
    return new ClientSession(id, Optional.empty(), new TreeMap<>(), false, 0, LogHead.EMPTY)
        .with(entries);
  }

  /** The session after further entries of its log. */
  ClientSession with(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return this;
    }
    Optional<SessionOpened> nowOpened = opened;
    TreeMap<Integer, Act> nowActs = new TreeMap<>(acts);
    boolean nowEnded = isEnded;
    long nowWeight = weight;
    for (LogEntry entry : entries) {
      nowWeight += entry.getSerializedSize();
      Any content = entry.getPayload().getContent();
      try {
        if (content.is(SessionOpened.class)) {
          nowOpened = Optional.of(content.unpack(SessionOpened.class));
        } else if (content.is(SessionEnded.class)) {
          nowEnded = true;
        } else if (content.is(ActionIntent.class)) {
          ActionIntent intent = content.unpack(ActionIntent.class);
          PerformActionRequest request = intent.getRequest().unpack(PerformActionRequest.class);
          nowActs.put(
              intent.getSequenceNumber(),
              new Act(intent, request, Optional.empty(), Optional.empty()));
        } else if (content.is(ActionDone.class)) {
          ActionDone done = content.unpack(ActionDone.class);
          PerformActionResponse response = done.getResponse().unpack(PerformActionResponse.class);
          nowActs.computeIfPresent(
              done.getSequenceNumber(), (number, act) -> answered(act, response));
        } else if (!entry.getIgnorable()) {
          throw new IllegalStateException("unknown entry in log " + id + ": " + entry);
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("log " + id + " holds a malformed entry", e);
      }
    }
    return new ClientSession(id, nowOpened, nowActs, nowEnded, nowWeight, LogEntries.head(entries));
  }

  private static Act answered(Act act, PerformActionResponse response) {
    return new Act(
        act.intent(),
        act.request(),
        act.first().or(() -> Optional.of(response)),
        Optional.of(response));
  }

  Optional<Act> numbered(int number) {
    return Optional.ofNullable(acts.get(number));
  }

  Optional<Act> requested(String requestId) {
    return acts.values().stream()
        .filter(act -> act.request().getRequestId().equals(requestId))
        .findFirst();
  }

  /** The number the next action has. */
  int next() {
    return acts.isEmpty()
        ? opened.map(SessionOpened::getSequenceNumber).orElse(0) + 1
        : acts.lastKey() + 1;
  }

  /** Whether it holds one action only and was never negotiated. */
  boolean isSingle() {
    return opened.map(SessionOpened::getSequenceNumber).orElse(0) == 0;
  }
}
