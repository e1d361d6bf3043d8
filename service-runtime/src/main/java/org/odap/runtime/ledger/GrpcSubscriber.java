package org.odap.runtime.ledger;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.odap.api.ledger.v1.SubscribeResponse;

/** A subscriber at the other end of a gRPC stream, slowed to what the stream takes. */
final class GrpcSubscriber implements LedgerSubscriber {
  private final ServerCallStreamObserver<SubscribeResponse> stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** To be made within the call, where handlers may still be set. */
  GrpcSubscriber(ServerCallStreamObserver<SubscribeResponse> stream) {
    this.stream = stream;
    stream.setOnReadyHandler(this::signal);
    stream.setOnCancelHandler(this::signal);
  }

  @Override
  public boolean send(SubscribeResponse event) {
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

  @Override
  public boolean pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !stream.isCancelled()) {
        left = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
      }
      return !stream.isCancelled();
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
