package org.odap.runtime.rpc;

import io.grpc.stub.StreamObserver;

/** Answers unary calls. A service method throws what fails: the server maps it. */
public final class Answers {
  private Answers() {}

  /** Sends the one answer of a unary call. */
  public static <T> void answer(StreamObserver<T> observer, T response) {
    observer.onNext(response);
    observer.onCompleted();
  }
}
