package org.odap.runtime.tracing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Makes gRPC's calls parts of traces, those that are made and those that are answered. */
public final class CallTracing implements ClientInterceptor {
  /** Calls that are made: each is a part of what the calling thread works for. */
  public static final ClientInterceptor CLIENT = new CallTracing();

  private CallTracing() {}

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    // A stream of many requests is a part of no single one's work.
    Optional<Traced> traced =
        method.getType().clientSendsOneMessage()
            ? Work.current().flatMap(work -> work.call(method.getFullMethodName()))
            : Optional.empty();
    return traced.<ClientCall<Q, A>>map(span -> traced(call, span)).orElse(call);
  }

  private static <Q, A> ClientCall<Q, A> traced(ClientCall<Q, A> call, Traced span) {
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        headers.put(TraceParent.HEADER, span.traceparent());
        super.start(
            new SimpleForwardingClientCallListener<A>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                span.ended(status.getCode());
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  /**
   * Calls that are answered.
   *
   * @param isOurOwn whether a call comes from a service of our own organization
   */
  public static ServerInterceptor server(
      Tracing tracing, BiPredicate<ServerCall<?, ?>, Metadata> isOurOwn) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        IncomingCall incoming =
            new IncomingCall(
                call.getMethodDescriptor().getFullMethodName(),
                TraceParent.of(headers),
                isOurOwn.test(call, headers));
        ServerCall<Q, A> traced =
            new SimpleForwardingServerCall<>(call) {
              @Override
              public void close(Status status, Metadata trailers) {
                incoming.ended(tracing, status.getCode());
                super.close(status, trailers);
              }
            };
        return Contexts.interceptCall(
            Work.of(tracing, incoming).in(Context.current()), traced, headers, next);
      }
    };
  }
}
