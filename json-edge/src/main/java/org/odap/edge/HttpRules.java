package org.odap.edge;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the schemas' HTTP annotations (google.api.http). */
final class HttpRules {
  private static final String WHOLE = "*";

  private HttpRules() {}

  /** Every route of these services' methods; a method without annotation has none. */
  static List<HttpRoute> of(List<ServerServiceDefinition> services) {
    List<HttpRoute> routes = new ArrayList<>();
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        schema(method).ifPresent(schema -> routes.addAll(routes(method, schema)));
      }
    }
    return routes;
  }

  private static Optional<MethodDescriptor> schema(ServerMethodDefinition<?, ?> method) {
    return method.getMethodDescriptor().getSchemaDescriptor()
            instanceof ProtoMethodDescriptorSupplier supplier
        ? Optional.of(supplier.getMethodDescriptor())
        : Optional.empty();
  }

  private static List<HttpRoute> routes(
      ServerMethodDefinition<?, ?> method, MethodDescriptor schema) {
    if (!schema.getOptions().hasExtension(AnnotationsProto.http)) {
      return List.of();
    }
    if (schema.isClientStreaming()) {
      throw new IllegalStateException(
          schema.getFullName() + ": a stream of requests has no HTTP form (expected: no rule)");
    }
    HttpRule main = schema.getOptions().getExtension(AnnotationsProto.http);
    List<HttpRoute> routes = new ArrayList<>();
    routes.add(route(method, schema, main));
    main.getAdditionalBindingsList().forEach(rule -> routes.add(route(method, schema, rule)));
    return routes;
  }

  private static HttpRoute route(
      ServerMethodDefinition<?, ?> method, MethodDescriptor schema, HttpRule rule) {
    String verb;
    String path;
    switch (rule.getPatternCase()) {
      case GET -> {
        verb = "GET";
        path = rule.getGet();
      }
      case POST -> {
        verb = "POST";
        path = rule.getPost();
      }
      default ->
          throw new IllegalStateException(
              schema.getFullName() + ": " + rule.getPatternCase() + " (expected: GET or POST)");
    }
    return new HttpRoute(
        verb,
        PathTemplate.parse(path),
        body(schema, rule),
        rule.getResponseBody().isEmpty()
            ? Optional.empty()
            : Optional.of(field(schema, schema.getOutputType(), rule.getResponseBody())),
        method,
        schema);
  }

  private static HttpRoute.Body body(MethodDescriptor schema, HttpRule rule) {
    return switch (rule.getBody()) {
      case "" -> new HttpRoute.Body.None();
      case WHOLE -> new HttpRoute.Body.Whole();
      default -> new HttpRoute.Body.Field(field(schema, schema.getInputType(), rule.getBody()));
    };
  }

  private static FieldDescriptor field(MethodDescriptor schema, Descriptor message, String name) {
    return Optional.ofNullable(message.findFieldByName(name))
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
        .filter(field -> !field.isRepeated())
        .orElseThrow(() ->
            new IllegalStateException(
                schema.getFullName() + ": body " + name + " (expected: a message's field)"));
  }
}
