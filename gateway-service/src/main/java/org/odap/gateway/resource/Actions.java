package org.odap.gateway.resource;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.storage.v1.ActionDone;
import org.odap.api.storage.v1.ActionIntent;
import org.odap.api.storage.v1.SessionOpened;
import org.odap.core.access.Permission;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Signer;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.gateway.access.Access;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.resource.ClientSession.Act;
import org.odap.gateway.resource.ClientSessions.Note;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * Performs clients' actions (ODAP 5.10): the intention is on the session's log before the ledger is
 * asked, the answer before it is given (recovery-01 3). A repeat finds them there; after a crash in
 * between the ledger is asked again by the same key.
 */
final class Actions {
  private static final int ID_MAX = 128;

  /** Log entries are bounded; what is left out of one can only be asked for by its client. */
  private static final int LOGGED_NATIVE_MAX = 512 << 10;

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private final ActionChecks checks;
  private final Access access;
  private final Ledgers ledgers;
  private final ClientSessions sessions;
  private final Signer signer;
  private final Orders orders;

  /** TRANSFER: how transfers are ordered and looked up, with all that is checked there. */
  interface Orders {
    /** Orders a transfer, or finds the one ordered by the same request. */
    Transfer order(StartTransferRequest request, Caller caller);

    /** How it stands. */
    Transfer find(String transferId);
  }

  Actions(
      ActionChecks checks,
      Access access,
      Ledgers ledgers,
      ClientSessions sessions,
      Signer signer,
      Orders orders) {
    this.checks = checks;
    this.access = access;
    this.ledgers = ledgers;
    this.sessions = sessions;
    this.signer = signer;
    this.orders = orders;
  }

  /** Performs an action, or answers as before. */
  PerformActionResponse perform(PerformActionRequest message, Caller caller) {
    ActionRequest checked = checks.check(message, caller);
    ActionRequest request =
        checked.action() == Action.ACTION_UNLOCK ? unlocking(checked, caller) : checked;
    if (request.action() != Action.ACTION_TRANSFER) {
      // A transfer's right is checked where it is ordered, on what it really takes.
      access.require(caller, request.permission(), request.touched(), request.requestId());
    }
    Ledger ledger = ledgers.get(request.dltSystem());
    requireCapability(ledger, request.action());
    Envelope envelope = message.getEnvelope();
    boolean isSingle = envelope.getSessionId().isEmpty();
    if (isSingle && request.action() == Action.ACTION_READ) {
      return answer(
          LedgerActions.perform(ledger, message, request.named(), keys(request, "")), envelope);
    }
    String sessionId =
        isSingle ? singleSession(caller, request.requestId()) : envelope.getSessionId();
    int number = isSingle ? 1 : envelope.getSequenceNumber();
    return sessions.alone(
        sessionId,
        () -> {
          ClientSession session = sessions.read(sessionId);
          if (!isSingle) {
            requireOwn(session, caller);
          }
          return perform(request, ledger, session, number);
        });
  }

  /** Who has no right at all there does not learn which locks there are. */
  private ActionRequest unlocking(ActionRequest request, Caller caller) {
    if (!reaches(caller, request.named())) {
      // Recorded and refused as any other.
      access.require(caller, Permission.UNLOCK, request.named(), request.requestId());
    }
    Ledger ledger = ledgers.get(request.dltSystem());
    requireCapability(ledger, Action.ACTION_UNLOCK);
    return checks.unlocking(request, LedgerActions.locked(ledger, keys(request, "")));
  }

  private PerformActionResponse perform(
      ActionRequest request, Ledger ledger, ClientSession session, int number) {
    String hash = hash(request.message());
    Optional<Act> known = session.numbered(number);
    if (known.isPresent()) {
      if (!known.get().intent().getHashRequest().equals(hash)) {
        throw session.isSingle() ? reusedId(request) : reusedNumber(number);
      }
      return known.get().first().orElseGet(() -> finish(request, ledger, session, number, hash));
    }
    if (session.requested(request.requestId()).isPresent()) {
      throw reusedId(request);
    }
    if (session.isEnded()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SESSION_UNKNOWN,
          "session_id: the session has ended, as nothing was asked in it: negotiate another");
    }
    if (session.opened().isPresent()) {
      requireNext(session, number);
    }
    List<Note> records = new ArrayList<>();
    if (session.opened().isEmpty()) {
      records.add(opened(request.caller(), 0, hash));
    }
    records.add(intended(request, number, hash));
    ClientSession intended = sessions.append(session, ledger.dltSystem(), records, false);
    return finish(request, ledger, intended, number, hash);
  }

  /** Has the ledger do what is on record; a ledger that did it before says so. */
  private PerformActionResponse finish(
      ActionRequest request, Ledger ledger, ClientSession session, int number, String hash) {
    PerformActionResponse done =
        answer(
            done(request, ledger, keys(request, session.id() + "/" + number, hash)),
            request.message().getEnvelope());
    ClientSession _ = record(session, ledger, number, done);
    return done;
  }

  private PerformActionResponse done(
      ActionRequest request, Ledger ledger, LedgerActions.Keys keys) {
    return request.action() == Action.ACTION_TRANSFER
        ? order(request)
        : LedgerActions.perform(ledger, request.message(), request.named(), keys);
  }

  private ClientSession record(
      ClientSession session, Ledger ledger, int number, PerformActionResponse done) {
    if (session.isEnded()) {
      return session; // Its log is closed: who asks again asks the ledger.
    }
    boolean failed = done.getResponseCode() == ResponseCode.RESPONSE_CODE_FAILURE;
    boolean settled = done.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED;
    return sessions.append(
        session,
        ledger.dltSystem(),
        List.of(
            new Note(
                failed ? LogOperation.LOG_OPERATION_FAIL : LogOperation.LOG_OPERATION_DONE,
                (failed ? "fail-" : settled ? "done-" : "done-submit-") + "action",
                ActionDone.newBuilder()
                    .setSequenceNumber(number)
                    .setResponse(Any.pack(done))
                    .build())),
        session.isSingle() && settled);
  }

  /** How an action stands; one that is on its way is asked for. */
  PerformActionResponse status(GetActionRequest request, Caller caller) {
    new FieldChecks()
        .text("request_id", request.getRequestId(), ID_MAX)
        .optionalText("session_id", request.getSessionId(), ID_MAX)
        .end();
    boolean isSingle = request.getSessionId().isEmpty();
    if (!isSingle) {
      new FieldChecks().transferId("session_id", request.getSessionId()).end();
    }
    String sessionId =
        isSingle ? singleSession(caller, request.getRequestId()) : request.getSessionId();
    ClientSession session = sessions.read(sessionId);
    if (!isSingle) {
      requireOwn(session, caller);
    }
    Act act =
        session
            .requested(request.getRequestId())
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_STEP_UNKNOWN,
                    "request_id: no action of yours has this one"
                        + (isSingle ? " outside a session" : " in this session")));
    requireStill(act, caller);
    return act.isSettled() ? act.latest().orElseThrow() : ask(session.id(), act, caller);
  }

  private PerformActionResponse ask(String sessionId, Act asked, Caller caller) {
    PerformActionRequest message = asked.request();
    ResourceDescriptor named =
        ResourceDescriptor.parse(message.getEnvelope().getResourceUrl()).orElseThrow();
    boolean isWhole =
        message.getAction() != Action.ACTION_NATIVE_TXN
            || !message.getNativeTransaction().isEmpty();
    if (!isWhole) {
      return asked.latest().orElse(submitted());
    }
    try {
      return sessions.alone(
          sessionId,
          () -> {
            ClientSession session = sessions.read(sessionId);
            Act act = session.numbered(asked.number()).orElseThrow();
            if (act.isSettled()) {
              return act.latest().orElseThrow();
            }
            ActionRequest request = new ActionRequest(caller, message, named, named);
            Ledger ledger = ledgers.get(request.dltSystem());
            String hash = act.intent().getHashRequest();
            PerformActionResponse now =
                message.getAction() == Action.ACTION_TRANSFER && act.first().isPresent()
                    ? transfer(orders.find(transferId(act.first().get())))
                    : done(request, ledger, keys(request, sessionId + "/" + act.number(), hash));
            PerformActionResponse answer = answer(now, message.getEnvelope());
            if (act.first().isEmpty()
                || answer.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED) {
              ClientSession _ = record(session, ledger, act.number(), answer);
            }
            return answer;
          });
    } catch (OdapException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_TOO_EARLY) {
        return submitted(); // Its own call is still being answered.
      }
      throw e;
    }
  }

  private static PerformActionResponse submitted() {
    return PerformActionResponse.newBuilder()
        .setResponseCode(ResponseCode.RESPONSE_CODE_SUBMITTED)
        .build();
  }

  private PerformActionResponse order(ActionRequest request) {
    StartTransferRequest.Builder order = StartTransferRequest.newBuilder();
    try {
      JsonFormat.parser().merge(request.message().getEnvelope().getPayload(), order);
    } catch (InvalidProtocolBufferException e) {
      return LedgerActions.failed(
          ErrorReason.ERROR_REASON_FIELD_INVALID,
          "envelope.payload: not a StartTransferRequest in JSON: " + e.getMessage());
    }
    if (order.getRequestId().isEmpty()) {
      order.setRequestId(request.requestId());
    }
    if (order.getSenderDltSystem().isEmpty()) {
      order.setSenderDltSystem(request.dltSystem());
    }
    if (!order.getSenderDltSystem().equals(request.dltSystem())) {
      return LedgerActions.failed(
          ErrorReason.ERROR_REASON_FIELD_INVALID,
          "envelope.payload: sender_dlt_system: value: "
              + order.getSenderDltSystem()
              + " (expected: "
              + request.dltSystem()
              + ", as in envelope.resource_url)");
    }
    try {
      return transfer(orders.order(order.build(), request.caller()));
    } catch (OdapException e) {
      if (OdapErrors.retry(e.reason()) == org.odap.api.common.v1.Retry.RETRY_SAME_CALL) {
        throw e;
      }
      return LedgerActions.failed(e.reason(), e.description());
    }
  }

  private static PerformActionResponse transfer(Transfer transfer) {
    return switch (transfer.getOutcome()) {
      case TRANSFER_OUTCOME_COMPLETED ->
          submitted().toBuilder()
              .setResponseCode(ResponseCode.RESPONSE_CODE_SUCCESS)
              .setResult(json(transfer))
              .build();
      case TRANSFER_OUTCOME_REFUSED, TRANSFER_OUTCOME_ROLLED_BACK, TRANSFER_OUTCOME_RESOLVED ->
          LedgerActions.failed(transfer.getReason(), transfer.getDescription()).toBuilder()
              .setResult(json(transfer))
              .build();
      case TRANSFER_OUTCOME_RUNNING, TRANSFER_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          submitted().toBuilder().setResult(json(transfer)).build();
    };
  }

  private static String json(Transfer transfer) {
    try {
      return JSON.print(transfer);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without Any prints", e);
    }
  }

  private static String transferId(PerformActionResponse ordered) {
    Transfer.Builder transfer = Transfer.newBuilder();
    try {
      JsonFormat.parser().merge(ordered.getResult(), transfer);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("printed by this gateway", e);
    }
    return transfer.getTransferId();
  }

  private PerformActionResponse answer(PerformActionResponse answer, Envelope request) {
    String code =
        switch (answer.getResponseCode()) {
          case RESPONSE_CODE_SUCCESS -> "200";
          case RESPONSE_CODE_SUBMITTED -> "202";
          case RESPONSE_CODE_FAILURE -> Integer.toString(OdapErrors.httpStatus(answer.getReason()));
          case RESPONSE_CODE_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalStateException("no answer: " + answer);
        };
    return SignedRequests.answer(answer, request, code, signer);
  }

  private static void requireCapability(Ledger ledger, Action action) {
    List<String> capabilities = ledger.description().getCapabilitiesList();
    String needed =
        action == Action.ACTION_TRANSFER ? "TRANSFER_STEPS" : ActionRequest.word(action);
    if (!capabilities.contains(needed)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          ledger.dltSystem() + " does not offer " + needed + " (it offers: " + capabilities + ")");
    }
  }

  private static void requireOwn(ClientSession session, Caller caller) {
    boolean isOwn =
        session
            .opened()
            .filter(opened -> opened.getSequenceNumber() > 0)
            .filter(opened -> opened.getClient().equals(name(caller)))
            .isPresent();
    if (!isOwn) {
      // Another client's session is none, too.
      throw new OdapException(
          ErrorReason.ERROR_REASON_SESSION_UNKNOWN, "session_id: no such session of yours here");
    }
    if (session.opened().orElseThrow().getCredentialScheme() != caller.scheme()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CALLER_UNKNOWN,
          "the session was negotiated for another credential scheme");
    }
  }

  private static void requireNext(ClientSession session, int number) {
    if (number > session.next()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SEQUENCE_GAP,
          "envelope.sequence_number: value: " + number + " (expected: " + session.next() + ")");
    }
    if (number < session.next()) {
      throw reusedNumber(number);
    }
  }

  /** What was allowed once need not be any more. */
  private void requireStill(Act act, Caller caller) {
    PerformActionRequest message = act.request();
    ResourceDescriptor named =
        ResourceDescriptor.parse(message.getEnvelope().getResourceUrl()).orElseThrow();
    if (!reaches(caller, named)) {
      throw Access.denied(caller, ActionRequest.permission(message.getAction()), named);
    }
  }

  /** Whether the caller may do anything at all there. */
  private boolean reaches(Caller caller, ResourceDescriptor resource) {
    return Access.client(caller)
        .filter(client -> access.rules().reaches(client, resource))
        .isPresent();
  }

  private static OdapException reusedId(ActionRequest request) {
    return new OdapException(
        ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
        "request_id: " + request.requestId() + " was used for another action");
  }

  private static OdapException reusedNumber(int number) {
    return new OdapException(
        ErrorReason.ERROR_REASON_SEQUENCE_REUSED,
        "envelope.sequence_number: " + number + " was used for another request");
  }

  static Note opened(Caller caller, int firstNumber, String hash) {
    return new Note(
        LogOperation.LOG_OPERATION_INIT,
        "init-session",
        SessionOpened.newBuilder()
            .setClient(name(caller))
            .setCredentialScheme(caller.scheme())
            .setSequenceNumber(firstNumber)
            .setHashRequest(hash)
            .build());
  }

  private static Note intended(ActionRequest request, int number, String hash) {
    PerformActionRequest.Builder kept = essential(request.message()).toBuilder();
    kept.getEnvelopeBuilder()
        .setSessionId(request.message().getEnvelope().getSessionId())
        .setSequenceNumber(request.message().getEnvelope().getSequenceNumber())
        .setDeveloperUrn(request.message().getEnvelope().getDeveloperUrn());
    if (kept.getNativeTransaction().size() > LOGGED_NATIVE_MAX) {
      kept.setNativeTransaction(ByteString.EMPTY);
    }
    return new Note(
        LogOperation.LOG_OPERATION_EXEC,
        "exec-" + ActionRequest.word(request.action()).toLowerCase(Locale.ROOT),
        ActionIntent.newBuilder()
            .setSequenceNumber(number)
            .setHashRequest(hash)
            .setRequest(Any.pack(kept.build()))
            .build());
  }

  /** A repeat may be signed anew; what it wants must be the same. */
  private static String hash(PerformActionRequest request) {
    return Hash.of(CanonicalJson.of(essential(request)));
  }

  private static PerformActionRequest essential(PerformActionRequest request) {
    return request.toBuilder()
        .setEnvelope(
            Envelope.newBuilder()
                .setResourceUrl(request.getEnvelope().getResourceUrl())
                .setPayload(request.getEnvelope().getPayload()))
        .build();
  }

  private static LedgerActions.Keys keys(ActionRequest request, String key) {
    return keys(request, key, "");
  }

  private static LedgerActions.Keys keys(ActionRequest request, String key, String hash) {
    String lock =
        request.action() == Action.ACTION_UNLOCK
            ? request.message().getLockRequestId()
            : request.requestId();
    return new LedgerActions.Keys(key, derived("lock", request.caller(), lock), hash);
  }

  private static String singleSession(Caller caller, String requestId) {
    return derived("session", caller, requestId);
  }

  /** One spelling of a client, however its certificate or token writes it. */
  static String name(Caller caller) {
    return Access.client(caller)
        .map(client -> client.format())
        .orElseGet(() -> caller.identity().uri());
  }

  /**
   * An id that the same client finds again by the same request id, and nobody else: a version 8
   * UUID (RFC 9562). A client's URI has no blank, so that none is ever a transfer's.
   */
  private static String derived(String what, Caller caller, String requestId) {
    String digest =
        Hash.of((what + " " + name(caller) + "\n" + requestId).getBytes(StandardCharsets.UTF_8));
    long high = (Long.parseUnsignedLong(digest.substring(0, 16), 16) & ~0xF000L) | 0x8000L;
    long low =
        (Long.parseUnsignedLong(digest.substring(16, 32), 16) & 0x3FFFFFFFFFFFFFFFL)
            | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
