package org.odap.runtime.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.lifecycle.Part;

/**
 * Makes a service's spans and sends them off. Whether a trace is kept is decided by its id alone:
 * no caller's flag makes us keep one, and all services with the same ratio keep the same ones. What
 * can't be sent is dropped; no call waits for it.
 */
public final class Tracing implements Part {
  /** Makes nothing, and has no threads. */
  public static final Tracing OFF = new Tracing(Optional.empty());

  static final AttributeKey<String> TRANSFER = AttributeKey.stringKey("odap.transfer.id");
  private static final AttributeKey<String> OUTCOME =
      AttributeKey.stringKey("odap.transfer.outcome");

  private static final ScopedValue<SpanContext> GIVEN = ScopedValue.newInstance();

  private final Optional<SdkTracerProvider> provider;
  private final Tracer tracer;

  private Tracing(Optional<SdkTracerProvider> provider) {
    this.provider = provider;
    this.tracer =
        provider.<TracerProvider>map(sdk -> sdk).orElseGet(TracerProvider::noop).get("odap");
  }

  /** Tracing of a service with a short name such as {@code log}, as configured. */
  public static Tracing of(TracingConfig config, String service, Identity identity) {
    return config
        .endpoint()
        .map(url -> new Tracing(Optional.of(provider(config, url, service, identity))))
        .orElse(OFF);
  }

  private static SdkTracerProvider provider(
      TracingConfig config, String url, String service, Identity identity) {
    Resource resource =
        Resource.create(
            Attributes.builder()
                .put("service.name", "odap-" + service)
                .put("service.namespace", identity.organization())
                .put("service.instance.id", identity.uri())
                .build());
    return SdkTracerProvider.builder()
        .setResource(resource)
        .setSampler(Sampler.traceIdRatioBased(config.ratio()))
        .setIdGenerator(new GivenIds())
        .addSpanProcessor(
            BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder().setEndpoint(url).build())
                .setScheduleDelay(config.delay())
                .build())
        .build();
  }

  boolean isOn() {
    return provider.isPresent();
  }

  @Override
  public String name() {
    return "tracing";
  }

  @Override
  public void start() {
    // Sends what there is from the first span on.
  }

  @Override
  public void stop(Duration limit) {
    provider.ifPresent(sdk -> sdk.shutdown().join(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** What is done for a transfer by this service of its own accord. */
  public Work work(String transferId) {
    return Work.of(this, transferId);
  }

  /**
   * A transfer has ended: its first span can be told, from its start to its end. Told by the
   * sender's gateway, again perhaps after a crash.
   *
   * @param startedAt UNIX milliseconds
   * @param endedAt UNIX milliseconds
   */
  public void ended(String transferId, String outcome, long startedAt, long endedAt) {
    if (!isOn()) {
      return;
    }
    ScopedValue.where(GIVEN, TransferTrace.root(transferId))
        .run(() ->
            tracer
                .spanBuilder("transfer")
                .setNoParent()
                .setStartTimestamp(Instant.ofEpochMilli(startedAt))
                .setAttribute(TRANSFER, transferId)
                .setAttribute(OUTCOME, outcome)
                .startSpan()
                .end(Instant.ofEpochMilli(endedAt)));
  }

  /**
   * Begins to answer one of a stream's requests, as a part of what the caller names; empty when
   * that is nothing, or nothing is traced.
   *
   * @param traceparent in the form of W3C Trace Context; anything else is nothing
   */
  public Optional<Traced> answering(String method, String traceparent) {
    return isOn()
        ? TraceParent.parse(traceparent)
            .map(above ->
                Traced.begun(span(method, SpanKind.SERVER, above), method, Optional.empty()))
        : Optional.empty();
  }

  SpanBuilder span(String name, SpanKind kind, SpanContext parent) {
    return tracer
        .spanBuilder(name)
        .setSpanKind(kind)
        .setParent(Context.root().with(Span.wrap(parent)));
  }

  /** Ids by chance, but for a span whose ids follow from its transfer. */
  private static final class GivenIds implements IdGenerator {
    private final IdGenerator random = IdGenerator.random();

    @Override
    public String generateSpanId() {
      return GIVEN.isBound() ? GIVEN.get().getSpanId() : random.generateSpanId();
    }

    @Override
    public String generateTraceId() {
      return GIVEN.isBound() ? GIVEN.get().getTraceId() : random.generateTraceId();
    }
  }
}
