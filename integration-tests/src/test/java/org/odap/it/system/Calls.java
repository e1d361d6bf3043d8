package org.odap.it.system;

import io.grpc.Channel;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResourceServiceGrpc;
import org.odap.api.client.v1.ResourceServiceGrpc.ResourceServiceBlockingStub;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.common.v1.Version;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.Identity;

/** A client's actions on resources, in the envelope of ODAP 5.2. */
public final class Calls {
  private static final int CALL_SECONDS_MAX = 30;

  private final Channel gateway;
  private final Identity client;

  /** Calls of a client over a channel to its gateway. */
  public Calls(Channel gateway, Identity client) {
    this.gateway = gateway;
    this.client = client;
  }

  /** The service. */
  public ResourceServiceBlockingStub service() {
    return ResourceServiceGrpc.newBlockingStub(gateway)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** An envelope outside a session. */
  public Envelope.Builder envelope(ResourceDescriptor resource) {
    return Envelope.newBuilder()
        .setVersion(Version.newBuilder().setMajor(2))
        .setOdapPhase(OdapPhase.ODAP_PHASE_NONE)
        .setResourceUrl(resource.format())
        .setDeveloperUrn(client.uri())
        .setActionResponse("POST");
  }

  /** An action outside a session, with a new request id. */
  public PerformActionRequest.Builder action(Action action, ResourceDescriptor resource) {
    return PerformActionRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setEnvelope(envelope(resource))
        .setAction(action);
  }

  /** Performs an action and waits until the ledger has done it. */
  public PerformActionResponse done(PerformActionRequest.Builder request) {
    PerformActionResponse answer = service().performAction(request.build());
    if (answer.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED) {
      return answer;
    }
    GetActionRequest question =
        GetActionRequest.newBuilder()
            .setRequestId(request.getRequestId())
            .setSessionId(request.getEnvelope().getSessionId())
            .build();
    GetActionResponse now =
        Conditions.await(
            "the ledger to have done " + request.getAction(),
            () -> service().getAction(question),
            status -> status.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED);
    return answer.toBuilder()
        .setResponseCode(now.getResponseCode())
        .setClaim(now.getClaim())
        .setReason(now.getReason())
        .setDescription(now.getDescription())
        .setResult(now.getResult())
        .build();
  }
}
