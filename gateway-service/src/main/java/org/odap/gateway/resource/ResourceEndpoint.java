package org.odap.gateway.resource;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.odap.api.client.v1.DiscoverResourcesRequest;
import org.odap.api.client.v1.DiscoverResourcesResponse;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.GetApplicationProfileRequest;
import org.odap.api.client.v1.GetApplicationProfileResponse;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResourceServiceGrpc;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.api.client.v1.Transfer;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.core.access.Permission;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.gateway.access.Access;
import org.odap.gateway.application.ApplicationProfiles;
import org.odap.gateway.client.TransferEndpoint;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.PacedStream;

/** API type 1 on resources (ODAP 5.6 to 5.12). */
public final class ResourceEndpoint extends ResourceServiceGrpc.ResourceServiceImplBase {
  private static final int CURSOR_MAX = 256;
  private static final int PROFILE_NAME_MAX = 64;

  private final GatewayResources resources;
  private final Access access;
  private final Ledgers ledgers;
  private final ApplicationProfiles applications;
  private final Actions actions;
  private final Negotiation negotiation;
  private final Discovery discovery;

  /**
   * What the endpoint works with.
   *
   * @param sessions clients' sessions
   * @param transfers where TRANSFER goes
   * @param schemes credential schemes taken
   */
  public record Parts(
      GatewaySelf self,
      GatewayResources resources,
      Access access,
      Ledgers ledgers,
      AssetProfiles profiles,
      ApplicationProfiles applications,
      ClientSessions sessions,
      TransferEndpoint transfers,
      List<CredentialScheme> schemes) {}

  /** An endpoint of these parts. */
  public ResourceEndpoint(Parts parts) {
    resources = parts.resources();
    access = parts.access();
    ledgers = parts.ledgers();
    applications = parts.applications();
    ActionChecks checks = new ActionChecks(resources);
    actions =
        new Actions(
            checks,
            access,
            ledgers,
            parts.sessions(),
            parts.self().signer(),
            orders(parts.transfers()));
    negotiation = new Negotiation(checks, parts.sessions(), parts.schemes(), parts.self().signer());
    discovery = new Discovery(resources, ledgers, parts.profiles(), access);
  }

  private static Actions.Orders orders(TransferEndpoint transfers) {
    return new Actions.Orders() {
      @Override
      public Transfer order(StartTransferRequest request, Caller caller) {
        return transfers.order(request, caller);
      }

      @Override
      public Transfer find(String transferId) {
        return transfers.ordered(transferId);
      }
    };
  }

  @Override
  public void negotiateCredentials(
      NegotiateCredentialsRequest request, StreamObserver<NegotiateCredentialsResponse> observer) {
    Answers.answer(observer, negotiation.negotiate(request, CurrentCaller.get()));
  }

  /** An application asks from time to time whether it can rely on its extension here. */
  @Override
  public void getApplicationProfile(
      GetApplicationProfileRequest request,
      StreamObserver<GetApplicationProfileResponse> observer) {
    String name = request.getApplicationName();
    new FieldChecks().text("application_name", name, PROFILE_NAME_MAX).end();
    Answers.answer(
        observer,
        GetApplicationProfileResponse.newBuilder()
            .setSupported(applications.supports(name))
            .addAllParameterNames(applications.parameterNames(name))
            .build());
  }

  @Override
  public void discoverResources(
      DiscoverResourcesRequest request, StreamObserver<DiscoverResourcesResponse> observer) {
    Answers.answer(
        observer,
        DiscoverResourcesResponse.newBuilder()
            .addAllResources(discovery.discover(request, CurrentCaller.get()))
            .build());
  }

  @Override
  public void performAction(
      PerformActionRequest request, StreamObserver<PerformActionResponse> observer) {
    Answers.answer(observer, actions.perform(request, CurrentCaller.get()));
  }

  @Override
  public void getAction(GetActionRequest request, StreamObserver<GetActionResponse> observer) {
    PerformActionResponse now = actions.status(request, CurrentCaller.get());
    GetActionResponse.Builder answer =
        GetActionResponse.newBuilder()
            .setResponseCode(now.getResponseCode())
            .setReason(now.getReason())
            .setDescription(now.getDescription())
            .setResult(now.getResult());
    if (now.hasClaim()) {
      answer.setClaim(now.getClaim());
    }
    Answers.answer(observer, answer.build());
  }

  @Override
  public void subscribeResource(
      SubscribeResourceRequest request, StreamObserver<SubscribeResourceResponse> observer) {
    new FieldChecks().optionalText("cursor", request.getCursor(), CURSOR_MAX).end();
    Caller caller = CurrentCaller.get();
    ResourceDescriptor resource =
        ResourceDescriptor.parse(request.getResourceUrl())
            .filter(resources.gateway()::covers)
            .filter(named -> !named.dlt().isEmpty())
            .orElseThrow(() ->
                OdapException.fieldInvalid(
                    "resource_url",
                    request.getResourceUrl(),
                    "a ledger of " + resources.gateway() + ", or what is on it"));
    access.require(caller, Permission.SUBSCRIBE, resource);
    Ledger ledger = ledgers.get(resource.dltSystem());
    PacedStream<SubscribeResourceResponse> stream =
        new PacedStream<>((ServerCallStreamObserver<SubscribeResourceResponse>) observer);
    stream.serve(
        "resource-subscription",
        () -> subscribe(ledger, resource, request.getCursor(), caller, stream));
  }

  private void subscribe(
      Ledger ledger,
      ResourceDescriptor resource,
      String cursor,
      Caller caller,
      PacedStream<SubscribeResourceResponse> stream) {
    ledger.subscribe(
        SubscribeRequest.newBuilder().setLocation(resource.location()).setCursor(cursor).build(),
        event -> {
          if (!access.allows(caller, Permission.SUBSCRIBE, resource)) {
            // The rules have changed since: this records it and refuses.
            access.require(caller, Permission.SUBSCRIBE, resource);
          }
          return stream.send(view(event));
        });
  }

  private static SubscribeResourceResponse view(SubscribeResponse event) {
    return SubscribeResourceResponse.newBuilder()
        .setCursor(event.getCursor())
        .setEvent(event.getEvent())
        .setTransactionId(event.getTransactionId())
        .setValue(event.getValue())
        .setFinality(event.getFinality())
        .build();
  }
}
