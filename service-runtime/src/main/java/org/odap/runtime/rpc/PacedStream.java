package org.odap.runtime.rpc;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A stream of answers, slowed to what its reader takes. */
public final class PacedStream<T> {
  private final ServerCallStreamObserver<T> stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** To be made within the call, where handlers may still be set. */
  public PacedStream(ServerCallStreamObserver<T> stream) {
    this.stream = stream;
    stream.setOnReadyHandler(this::signal);
    stream.setOnCancelHandler(this::signal);
  }

  /** Hands a message on, once the stream takes it; answers false when its reader is gone. */
  public boolean send(T message) {
    lock.lock();
    try {
      while (!stream.isReady() && !stream.isCancelled()) {
        changed.await();
      }
      if (stream.isCancelled()) {
        return false;
      }
      stream.onNext(message);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits; answers false, at once, when the reader is gone. */
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

  /**
   * Runs what sends the messages on a thread of its own, since gRPC tells a call of readiness and
   * cancellation only between its callbacks. When it returns the stream ends, and what it throws
   * the server maps as it does for every call.
   */
  public void serve(String thread, Runnable source) {
    Thread.ofVirtual().name(thread).start(Context.current().wrap(() -> run(source)));
  }

  private void run(Runnable source) {
    try {
      source.run();
      if (!stream.isCancelled()) {
        stream.onCompleted();
      }
    } catch (RuntimeException e) {
      if (!stream.isCancelled()) {
        stream.onError(e);
      }
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
