package org.odap.it.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Takes spans as an OpenTelemetry collector does (OTLP over HTTP), and keeps them. */
public final class TraceCollector implements AutoCloseable {
  private final HttpServer server;
  private final List<Told> spans = new CopyOnWriteArrayList<>();

  /**
   * A span and who told it.
   *
   * @param service such as "odap-gateway of alpha.example"
   */
  public record Told(String service, Span span) {
    public String traceId() {
      return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    public String id() {
      return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    /** "" for the first of a trace. */
    public String parent() {
      return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }
  }

  TraceCollector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      request.getResourceSpansList().forEach(this::keep);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void keep(ResourceSpans told) {
    List<KeyValue> resource = told.getResource().getAttributesList();
    String service =
        attribute(resource, "service.name") + " of " + attribute(resource, "service.namespace");
    told.getScopeSpansList()
        .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Told(service, span))));
  }

  private static String attribute(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("nobody");
  }

  /** The spans told of a transfer, once there is what is waited for. */
  public List<Told> await(String transferId, Predicate<List<Told>> enough) {
    return Conditions.await("spans of transfer " + transferId, () -> of(transferId), enough);
  }

  private List<Told> of(String transferId) {
    List<String> traces =
        spans.stream()
            .filter(told ->
                attribute(told.span().getAttributesList(), "odap.transfer.id").equals(transferId))
            .map(Told::traceId)
            .distinct()
            .toList();
    return spans.stream().filter(told -> traces.contains(told.traceId())).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
