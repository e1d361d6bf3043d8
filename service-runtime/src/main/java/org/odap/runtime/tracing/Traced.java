package org.odap.runtime.tracing;

import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One call's span, after OpenTelemetry's conventions for RPC. It says which method was called for
 * which transfer and how that ended, and nothing of what was said.
 */
public final class Traced {
  /** What a server answers for a fault of its own; the rest tells the caller of one of his. */
  private static final Set<Status.Code> FAULTS =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Span span;

  private Traced(Span span) {
    this.span = span;
  }

  static Traced begun(SpanBuilder builder, String method, Optional<String> transfer) {
    builder.setAttribute("rpc.system.name", "grpc").setAttribute("rpc.method", method);
    transfer.ifPresent(id -> builder.setAttribute(Tracing.TRANSFER, id));
    return new Traced(builder.startSpan());
  }

  SpanContext context() {
    return span.getSpanContext();
  }

  /** How the other side finds this span: the header {@code traceparent} of W3C Trace Context. */
  public String traceparent() {
    return TraceParent.format(span.getSpanContext());
  }

  /** The call that we made has ended. */
  public void ended(Status.Code code) {
    end(code, code != Status.Code.OK);
  }

  /** The call that we answered has ended. */
  public void answered(Status.Code code) {
    end(code, FAULTS.contains(code));
  }

  private void end(Status.Code code, boolean isFault) {
    span.setAttribute("rpc.response.status_code", code.name());
    if (isFault) {
      span.setAttribute("error.type", code.name());
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
