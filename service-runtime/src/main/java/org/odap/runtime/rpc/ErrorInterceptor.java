package org.odap.runtime.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.odap.api.common.v1.ErrorReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a service throws, or hands to its observer, into a status with the suite's reasons.
 * Everything unexpected becomes INTERNAL with an error id, and is logged under that id.
 */
final class ErrorInterceptor implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(ErrorInterceptor.class);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MappingCall<Q, A> mapping = new MappingCall<>(call);
    try {
      return new MappingListener<>(mapping, next.startCall(mapping, headers));
    } catch (RuntimeException e) {
      mapping.fail(e);
      return new ServerCall.Listener<Q>() {};
    }
  }

  private static StatusRuntimeException mapped(Throwable failure, String method) {
    if (failure instanceof OdapException known) {
      return OdapErrors.toGrpc(known);
    }
    String errorId = UUID.randomUUID().toString();
    log.atError()
        .setCause(failure)
        .addKeyValue("error_id", errorId)
        .addKeyValue("method", method)
        .log("call failed unexpectedly");
    return OdapErrors.toGrpc(
        new OdapException(ErrorReason.ERROR_REASON_INTERNAL, "internal error " + errorId));
  }

  /** Maps at the moment a call is closed; a service may close it from any thread, once. */
  private static final class MappingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean isClosed = new AtomicBoolean();

    MappingCall(ServerCall<Q, A> call) {
      super(call);
    }

    void fail(Throwable failure) {
      if (isClosed.get()) {
        // Answered already; what went wrong afterwards concerns us alone.
        log.atError()
            .setCause(failure)
            .addKeyValue("method", getMethodDescriptor().getFullMethodName())
            .log("service failed after its answer");
        return;
      }
      close(Status.UNKNOWN.withCause(failure), new Metadata());
    }

    @Override
    public void close(Status status, Metadata trailers) {
      isClosed.set(true);
      if (status.isOk() || hasReason(status, trailers) || isOfTheTransport(status)) {
        super.close(status, trailers);
        return;
      }
      Throwable cause = status.getCause() == null ? status.asException() : status.getCause();
      StatusRuntimeException failure = mapped(cause, getMethodDescriptor().getFullMethodName());
      Metadata details = failure.getTrailers();
      super.close(failure.getStatus(), details == null ? trailers : details);
    }

    private static boolean hasReason(Status status, Metadata trailers) {
      return StatusProto.fromStatusAndTrailers(status, trailers).getDetailsCount() > 0;
    }

    private static boolean isOfTheTransport(Status status) {
      return switch (status.getCode()) {
        case CANCELLED, UNIMPLEMENTED -> true;
        case DEADLINE_EXCEEDED -> status.getCause() == null;
        default -> false;
      };
    }
  }

  private static final class MappingListener<Q, A> extends SimpleForwardingServerCallListener<Q> {
    private final MappingCall<Q, A> call;

    MappingListener(MappingCall<Q, A> call, ServerCall.Listener<Q> delegate) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guarded(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guarded(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guarded(super::onReady);
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }
}
