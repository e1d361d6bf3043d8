package org.odap.gateway.resource;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.odap.api.client.v1.SubscribeResourceResponse;

/** A subscriber at the other end of a stream, slowed to what the stream takes. */
final class Subscription {
  private final ServerCallStreamObserver<SubscribeResourceResponse> stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** To be made within the call, where handlers may still be set. */
  Subscription(ServerCallStreamObserver<SubscribeResourceResponse> stream) {
    this.stream = stream;
    stream.setOnReadyHandler(this::signal);
    stream.setOnCancelHandler(this::signal);
  }

  /** Hands an event on; answers false once the subscriber is gone. */
  boolean send(SubscribeResourceResponse event) {
    lock.lock();
    try {
      while (!stream.isReady() && !stream.isCancelled()) {
        changed.await();
      }
      if (stream.isCancelled()) {
        return false;
      }
      stream.onNext(event);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    if (!stream.isCancelled()) {
      stream.onCompleted();
    }
  }

  /** The server maps the failure as it does for every call. */
  void fail(RuntimeException failure) {
    if (!stream.isCancelled()) {
      stream.onError(failure);
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
