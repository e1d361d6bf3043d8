package org.odap.runtime.tracing;

import io.grpc.Metadata;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code traceparent} of W3C Trace Context, version 00. Whoever calls sets it: it names
 * a place in a trace, and decides nothing. {@code tracestate} is not ours to read, and not passed
 * on: it may hold what its vendor likes, and goes to another organization.
 */
public final class TraceParent {
  /** The header, in gRPC's metadata as in HTTP. */
  public static final Metadata.Key<String> HEADER =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private static final Pattern FORM =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private TraceParent() {}

  static String format(SpanContext span) {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
  }

  /** The span that a caller names; empty when it names none. */
  static Optional<SpanContext> parse(String header) {
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
            SpanContext.createFromRemoteParent(
                matcher.group(1),
                matcher.group(2),
                TraceFlags.fromHex(matcher.group(3), 0),
                TraceState.getDefault()))
        .filter(SpanContext::isValid);
  }

  static Optional<SpanContext> of(Metadata headers) {
    return Optional.ofNullable(headers.get(HEADER)).flatMap(TraceParent::parse);
  }
}
