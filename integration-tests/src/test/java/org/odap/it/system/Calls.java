package org.odap.it.system;

import io.grpc.Channel;
import io.grpc.Context;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.odap.api.client.v1.DiscoverResourcesRequest;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.Resource;
import org.odap.api.client.v1.ResourceServiceGrpc;
import org.odap.api.client.v1.ResourceServiceGrpc.ResourceServiceBlockingStub;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.runtime.identity.Identity;

/** A client's actions on resources over gRPC. */
public record Calls(Channel gateway, Identity client) implements ResourceClient {
  private static final int CALL_SECONDS_MAX = 30;

  /** The service. */
  public ResourceServiceBlockingStub service() {
    return ResourceServiceGrpc.newBlockingStub(gateway)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  @Override
  public PerformActionResponse perform(PerformActionRequest request) {
    return service().performAction(request);
  }

  @Override
  public NegotiateCredentialsResponse negotiate(NegotiateCredentialsRequest request) {
    return service().negotiateCredentials(request);
  }

  @Override
  public GetActionResponse status(GetActionRequest request) {
    return service().getAction(request);
  }

  @Override
  public List<Resource> discover() {
    return service()
        .discoverResources(DiscoverResourcesRequest.getDefaultInstance())
        .getResourcesList();
  }

  @Override
  public Stream<SubscribeResourceResponse> subscribe(SubscribeResourceRequest request) {
    Context.CancellableContext listening = Context.current().withCancellation();
    Context before = listening.attach();
    Iterator<SubscribeResourceResponse> events;
    try {
      events = service().subscribeResource(request);
    } finally {
      listening.detach(before);
    }
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(events, Spliterator.ORDERED), false)
        .onClose(() -> listening.cancel(null));
  }
}
