package org.odap.runtime.rpc;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.GetLogLengthResponse;
import org.odap.api.log.v1.LogStorageServiceGrpc;

/** A real service that is easy to ask: answers with the length of the id, or fails as told. */
final class EchoLog extends LogStorageServiceGrpc.LogStorageServiceImplBase {
  private volatile Runnable beforeAnswer = () -> {};

  /** Asks the service at the other end of a channel: gives the length of the id. */
  static int lengthOf(Channel channel, String id) {
    return LogStorageServiceGrpc.newBlockingStub(channel)
        .getLogLength(GetLogLengthRequest.newBuilder().setLogId(id).build())
        .getLength();
  }

  void beforeAnswer(Runnable step) {
    beforeAnswer = step;
  }

  @Override
  public void getLogLength(
      GetLogLengthRequest request, StreamObserver<GetLogLengthResponse> observer) {
    beforeAnswer.run();
    Answers.answer(
        observer, GetLogLengthResponse.newBuilder().setLength(request.getLogId().length()).build());
  }
}
