package org.odap.runtime.tracing;

import io.grpc.Status;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.Optional;

/**
 * A call that is being answered. Its span belongs to the trace of the transfer it is for, whatever
 * the caller says: a caller's span is its parent where it is of the same trace, else only linked. A
 * call for no transfer is a part of its caller's trace, if the caller is one of our own services.
 *
 * <p>Mutable: its span, begun once, and ended with the call.
 */
final class IncomingCall {
  private final String method;
  private final Optional<SpanContext> caller;
  private final boolean isOurOwn;
  private final Instant start = Instant.now();
  private Optional<Traced> span = Optional.empty();

  /**
   * A call that has come in.
   *
   * @param caller the span that the caller names
   * @param isOurOwn whether the caller is a service of our organization
   */
  IncomingCall(String method, Optional<SpanContext> caller, boolean isOurOwn) {
    this.method = method;
    this.caller = caller;
    this.isOurOwn = isOurOwn;
  }

  synchronized Optional<SpanContext> begun(Tracing tracing, String transferId, SpanContext root) {
    if (!tracing.isOn() || span.isPresent()) {
      return span.map(Traced::context);
    }
    Optional<SpanContext> above =
        caller.filter(named -> named.getTraceId().equals(root.getTraceId()));
    SpanBuilder builder = server(tracing, above.orElse(root));
    if (above.isEmpty()) {
      caller.ifPresent(builder::addLink);
    }
    return begun(builder, Optional.of(transferId));
  }

  synchronized Optional<SpanContext> begunForCaller(Tracing tracing) {
    if (span.isPresent() || !tracing.isOn() || !isOurOwn || caller.isEmpty()) {
      return span.map(Traced::context);
    }
    return begun(server(tracing, caller.get()), Optional.empty());
  }

  private SpanBuilder server(Tracing tracing, SpanContext parent) {
    return tracing.span(method, SpanKind.SERVER, parent).setStartTimestamp(start);
  }

  private Optional<SpanContext> begun(SpanBuilder builder, Optional<String> transfer) {
    span = Optional.of(Traced.begun(builder, method, transfer));
    return span.map(Traced::context);
  }

  void ended(Tracing tracing, Status.Code code) {
    Optional<SpanContext> _ = begunForCaller(tracing);
    end(code);
  }

  private synchronized void end(Status.Code code) {
    span.ifPresent(one -> one.answered(code));
  }
}
