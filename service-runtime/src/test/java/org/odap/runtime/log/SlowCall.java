package org.odap.runtime.log;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;

/**
 * A stream of appends whose sender can be held while it sends a message, as no network can be told
 * to.
 */
final class SlowCall {
  private final BlockingQueue<StreamLogEntriesRequest> sent = new LinkedBlockingQueue<>();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  private ClientCall.Listener<Object> listener;
  private volatile boolean refuses;

  Channel channel() {
    return new Channel() {
      @Override
      @SuppressWarnings("unchecked") // Only streams of appends are opened on it.
      public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return (ClientCall<Q, A>) new Call();
      }

      @Override
      public String authority() {
        return "log";
      }
    };
  }

  /** Whoever sends a message from now on waits, once it is sent, for {@link #unblock}. */
  void block() {
    gate = new CompletableFuture<>();
  }

  void unblock() {
    gate.complete(null);
  }

  void refuseToSend() {
    refuses = true;
  }

  /** The next message, whether its sender waits or not. */
  StreamLogEntriesRequest next() throws InterruptedException {
    return sent.take();
  }

  void answer(StreamLogEntriesResponse answer) {
    listener.onMessage(answer);
  }

  void end(Status status) {
    listener.onClose(status, new Metadata());
  }

  private final class Call extends ClientCall<Object, Object> {
    @Override
    public void start(Listener<Object> told, Metadata headers) {
      listener = told;
    }

    @Override
    public void request(int messages) {
      // Answers come when the test wants them.
    }

    @Override
    public void cancel(String message, Throwable cause) {
      // Nothing is under way.
    }

    @Override
    public void halfClose() {
      // Nobody ends these streams.
    }

    @Override
    public void sendMessage(Object message) {
      if (refuses) {
        throw new IllegalStateException("the test wants it so");
      }
      // The gate as it is before anybody can see the message: whoever blocks later means later
      // ones.
      CompletableFuture<Void> open = gate;
      sent.add((StreamLogEntriesRequest) message);
      open.join();
    }
  }
}
