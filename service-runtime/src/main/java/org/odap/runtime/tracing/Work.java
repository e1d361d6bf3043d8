package org.odap.runtime.tracing;

import io.grpc.Context;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the current thread works for: the transfer, once it is known, and the span that whatever is
 * done now is a part of. It goes wherever gRPC's context goes.
 *
 * <p>Mutable: the transfer, and the span of an answered call, which begins when it is known to
 * which trace it belongs. Used by the threads of one call, or of one effect.
 */
public final class Work {
  private static final Context.Key<Work> KEY = Context.key("odap-work");

  private final Tracing tracing;
  private final Optional<IncomingCall> call;
  private volatile Optional<String> transfer;
  private volatile Optional<SpanContext> parent;

  private Work(
      Tracing tracing,
      Optional<IncomingCall> call,
      Optional<String> transfer,
      Optional<SpanContext> parent) {
    this.tracing = tracing;
    this.call = call;
    this.transfer = transfer;
    this.parent = parent;
  }

  static Work of(Tracing tracing, String transferId) {
    return new Work(
        tracing,
        Optional.empty(),
        Optional.of(transferId),
        Optional.of(TransferTrace.root(transferId)));
  }

  static Work of(Tracing tracing, IncomingCall call) {
    return new Work(tracing, Optional.of(call), Optional.empty(), Optional.empty());
  }

  /** What the current thread works for, if that is known. */
  public static Optional<Work> current() {
    return Optional.ofNullable(KEY.get());
  }

  /** The call that is being answered is for this transfer; told before anything is done for it. */
  public static void isFor(String transferId) {
    current().ifPresent(work -> work.became(transferId));
  }

  /** The call that is being answered asks about this transfer: log lines say so, no span does. */
  public static void isAbout(String transferId) {
    current()
        .filter(work -> work.transfer.isEmpty())
        .ifPresent(work -> work.transfer = Optional.of(transferId));
  }

  Context in(Context context) {
    return context.withValue(KEY, this);
  }

  /** Does something as a part of this. */
  public void run(Runnable what) {
    in(Context.current()).run(what);
  }

  private void became(String transferId) {
    if (parent.isPresent()) {
      return;
    }
    transfer = Optional.of(transferId);
    SpanContext root = TransferTrace.root(transferId);
    parent = Optional.of(call.flatMap(one -> one.begun(tracing, transferId, root)).orElse(root));
  }

  /** What is done now as a part of a traced call whose transfer nobody named. */
  private Optional<SpanContext> parent() {
    if (parent.isEmpty()) {
      parent = call.flatMap(one -> one.begunForCaller(tracing));
    }
    return parent;
  }

  /** Begins a call to another service; empty when nothing is traced. */
  public Optional<Traced> call(String method) {
    return tracing.isOn()
        ? parent()
            .map(above ->
                Traced.begun(tracing.span(method, SpanKind.CLIENT, above), method, transfer))
        : Optional.empty();
  }

  /** What each log line says of it. */
  public Map<String, String> logFields() {
    Map<String, String> fields = new LinkedHashMap<>();
    transfer.ifPresent(id -> {
      fields.put("transfer", id);
      fields.put("trace_id", TransferTrace.root(id).getTraceId());
    });
    parent.ifPresent(above -> {
      fields.put("trace_id", above.getTraceId());
      fields.put("span_id", above.getSpanId());
    });
    return fields;
  }
}
