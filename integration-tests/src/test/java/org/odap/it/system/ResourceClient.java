package org.odap.it.system;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.Resource;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.common.v1.Version;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.Identity;

/**
 * A client's actions on resources, in the envelope of ODAP 5.2, whatever they travel by. A refusal
 * is the status it has over gRPC.
 */
public interface ResourceClient {
  /** Who acts. */
  Identity client();

  /** Performs an action; a repeat is told by its request id. */
  PerformActionResponse perform(PerformActionRequest request);

  /** Opens a session. */
  NegotiateCredentialsResponse negotiate(NegotiateCredentialsRequest request);

  /** How an action stands. */
  GetActionResponse status(GetActionRequest request);

  /** The gateway's ledgers, and what is below them. */
  List<Resource> discover();

  /** Events, from the request's cursor on; waits for each. To be closed. */
  Stream<SubscribeResourceResponse> subscribe(SubscribeResourceRequest request);

  /** An envelope outside a session. */
  default Envelope.Builder envelope(ResourceDescriptor resource) {
    return Envelope.newBuilder()
        .setVersion(Version.newBuilder().setMajor(2))
        .setOdapPhase(OdapPhase.ODAP_PHASE_NONE)
        .setResourceUrl(resource.format())
        .setDeveloperUrn(client().uri())
        .setActionResponse("POST");
  }

  /** An action outside a session, with a new request id. */
  default PerformActionRequest.Builder action(Action action, ResourceDescriptor resource) {
    return PerformActionRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setEnvelope(envelope(resource))
        .setAction(action);
  }

  /** Performs an action and waits until the ledger has done it. */
  default PerformActionResponse done(PerformActionRequest.Builder request) {
    PerformActionResponse answer = perform(request.build());
    if (answer.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED) {
      return answer;
    }
    GetActionResponse now = settled(request.build());
    return answer.toBuilder()
        .setResponseCode(now.getResponseCode())
        .setClaim(now.getClaim())
        .setReason(now.getReason())
        .setDescription(now.getDescription())
        .setResult(now.getResult())
        .build();
  }

  /** Waits until the ledger has decided about an action. */
  default GetActionResponse settled(PerformActionRequest request) {
    GetActionRequest question =
        GetActionRequest.newBuilder()
            .setRequestId(request.getRequestId())
            .setSessionId(request.getEnvelope().getSessionId())
            .build();
    return Conditions.await(
        "the ledger to have done " + request.getAction(),
        () -> status(question),
        now -> now.getResponseCode() != ResponseCode.RESPONSE_CODE_SUBMITTED);
  }
}
