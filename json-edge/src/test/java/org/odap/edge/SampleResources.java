package org.odap.edge;

import io.grpc.stub.StreamObserver;
import org.odap.api.client.v1.GetApplicationProfileRequest;
import org.odap.api.client.v1.GetApplicationProfileResponse;
import org.odap.api.client.v1.ResourceServiceGrpc;
import org.odap.runtime.rpc.Answers;

/** A second service; of its methods the sample's client may call one. */
final class SampleResources extends ResourceServiceGrpc.ResourceServiceImplBase {
  @Override
  public void getApplicationProfile(
      GetApplicationProfileRequest request,
      StreamObserver<GetApplicationProfileResponse> observer) {
    Answers.answer(
        observer,
        GetApplicationProfileResponse.newBuilder()
            .setSupported(true)
            .addParameterNames(request.getApplicationName())
            .build());
  }
}
