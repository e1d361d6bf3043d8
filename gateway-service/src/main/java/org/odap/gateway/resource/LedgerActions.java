package org.odap.gateway.resource;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.Retry;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.gateway.ledger.Ledger;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * Has a ledger do an action (ODAP 5.10). Each is keyed: the ledger itself answers a repeat with
 * what it did.
 */
final class LedgerActions {
  private static final int DESCRIPTION_MAX = 1_024;

  /** A client's lock is nobody's to take up: there is no later epoch. */
  private static final long EPOCH = 1;

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private LedgerActions() {}

  /**
   * What a ledger is asked by.
   *
   * @param request the ledger's name for the action
   * @param lock the ledger's name for the lock that LOCK makes and UNLOCK ends: a transfer's id
   * @param hash of the request, which a lock refers to
   */
  record Keys(String request, String lock, String hash) {}

  /**
   * Does the action, or finds out what became of it.
   *
   * @throws OdapException when that is not known: a repeat helps
   */
  static PerformActionResponse perform(
      Ledger ledger, PerformActionRequest request, ResourceDescriptor named, Keys keys) {
    try {
      return switch (request.getAction()) {
        case ACTION_READ -> of(ledger.read(read(request, named)), ledger.dltSystem());
        case ACTION_CREATE ->
            of(
                ledger.create(
                    CreateRequest.newBuilder()
                        .setRequestId(keys.request())
                        .setAsset(request.getAsset())
                        .setOwner(request.getAccount())
                        .build()));
        case ACTION_DESTROY ->
            of(
                ledger.destroy(
                    DestroyRequest.newBuilder()
                        .setRequestId(keys.request())
                        .setAsset(request.getAsset())
                        .setOwner(request.getAccount())
                        .build()));
        case ACTION_WRITE ->
            of(
                ledger.write(
                    WriteRequest.newBuilder()
                        .setRequestId(keys.request())
                        .setLocation(named.location())
                        .setValue(request.getEnvelope().getPayload())
                        .build()));
        case ACTION_INVOKE -> invoke(ledger, request, named, keys);
        case ACTION_LOCK -> lock(ledger, request, keys);
        case ACTION_UNLOCK ->
            of(
                ledger.perform(
                    LedgerStep.LEDGER_STEP_UNLOCK,
                    UnlockRequest.newBuilder().setKey(key(keys)).build()));
        case ACTION_NATIVE_TXN -> of(ledger.submitNative(request.getNativeTransaction()));
        case ACTION_TRANSFER, ACTION_SUBSCRIBE, ACTION_UNSPECIFIED, UNRECOGNIZED ->
            throw new IllegalArgumentException("no action of a ledger: " + request.getAction());
      };
    } catch (OdapException e) {
      if (!isForGood(e.reason())) {
        throw e;
      }
      return failed(e.reason(), e.description());
    }
  }

  /**
   * The asset that a client's lock is on, or was on before it ended.
   *
   * @throws OdapException STEP_UNKNOWN when the ledger has no such lock, or not yet
   */
  static Asset locked(Ledger ledger, Keys keys) {
    LedgerClaim lock = ledger.outcome(keys.lock(), LedgerStep.LEDGER_STEP_LOCK, "").getClaim();
    if (!lock.hasAsset()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_STEP_UNKNOWN,
          "lock_request_id: " + ledger.dltSystem() + " has no lock of yours by this one yet");
    }
    return lock.getAsset();
  }

  /** Whether the ledger has decided; that the gateway itself was refused is not its client's. */
  private static boolean isForGood(ErrorReason reason) {
    Retry retry = OdapErrors.retry(reason);
    boolean isOurs =
        reason == ErrorReason.ERROR_REASON_CALLER_UNKNOWN
            || reason == ErrorReason.ERROR_REASON_PERMISSION_DENIED;
    return !isOurs && (retry == Retry.RETRY_NEVER || retry == Retry.RETRY_AFTER_CHANGE);
  }

  static PerformActionResponse failed(ErrorReason reason, String description) {
    return PerformActionResponse.newBuilder()
        .setResponseCode(ResponseCode.RESPONSE_CODE_FAILURE)
        .setReason(reason)
        .setDescription(description.substring(0, Math.min(description.length(), DESCRIPTION_MAX)))
        .build();
  }

  private static PerformActionResponse of(StepOutcome outcome) {
    PerformActionResponse.Builder answer = PerformActionResponse.newBuilder();
    switch (outcome.getState()) {
      case SUBMISSION_STATE_DONE -> answer.setResponseCode(ResponseCode.RESPONSE_CODE_SUCCESS);
      case SUBMISSION_STATE_SUBMITTED ->
          answer.setResponseCode(ResponseCode.RESPONSE_CODE_SUBMITTED);
      case SUBMISSION_STATE_FAILED -> {
        return failed(outcome.getReason(), outcome.getDescription());
      }
      case SUBMISSION_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new OdapException(
              ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
              "the adapter answered without saying how the action stands");
    }
    if (outcome.hasClaim()) {
      answer.setClaim(outcome.getClaim());
    }
    return answer.build();
  }

  private static PerformActionResponse of(ReadResponse read, String dltSystem) {
    return PerformActionResponse.newBuilder()
        .setResponseCode(ResponseCode.RESPONSE_CODE_SUCCESS)
        .setClaim(LedgerClaim.newBuilder().setDltSystem(dltSystem).setFinality(read.getFinality()))
        .setResult(
            read.getValue().isEmpty()
                ? json(read.toBuilder().clearFinality().build())
                : read.getValue())
        .build();
  }

  private static PerformActionResponse invoke(
      Ledger ledger, PerformActionRequest request, ResourceDescriptor named, Keys keys) {
    InvokeResponse invoked =
        ledger.invoke(
            InvokeRequest.newBuilder()
                .setRequestId(keys.request())
                .setLocation(named.location())
                .setFunction(request.getFunction())
                .addAllArguments(request.getArgumentsList())
                .build());
    return of(invoked.getOutcome()).toBuilder().setResult(invoked.getResult()).build();
  }

  private static PerformActionResponse lock(
      Ledger ledger, PerformActionRequest request, Keys keys) {
    return of(
        ledger.perform(
            LedgerStep.LEDGER_STEP_LOCK,
            LockRequest.newBuilder()
                .setKey(key(keys))
                .setAsset(request.getAsset())
                .setOwner(request.getAccount())
                .setLockExpiry(request.getLockExpiry())
                .setReference(keys.hash())
                .build()));
  }

  private static ReadRequest read(PerformActionRequest request, ResourceDescriptor named) {
    ReadRequest.Builder read = ReadRequest.newBuilder().setAccount(request.getAccount());
    if (request.hasAsset()) {
      read.setAsset(request.getAsset());
    } else if (request.getAccount().isEmpty()) {
      read.setLocation(named.location());
    }
    return read.build();
  }

  private static StepKey key(Keys keys) {
    return StepKey.newBuilder().setTransferId(keys.lock()).setEpoch(EPOCH).build();
  }

  private static String json(ReadResponse read) {
    try {
      return JSON.print(read);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without Any prints", e);
    }
  }
}
