package org.odap.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The contract of an edge as OpenAPI 3.1, out of the schemas and their comments. */
public final class OpenApi {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String JSON = "application/json";
  private static final String ABOUT =
      "Made from the schemas in proto/. Beside POST with a JSON body every method answers to GET"
          + " with its fields in the query: a.b=1 for a field of a message, repetition for a list,"
          + " a.0.b=1 for a message in a list, or a whole message as its JSON. Every field has the"
          + " name of the drafts where they name it. Unknown fields, fields given twice and numbers"
          + " that lose digits are refused. What is required is refused when it is absent, each field"
          + " by its path; a request_id may come as the header Idempotency-Key instead. Default values are left out of answers.";

  private final Comments comments = new Comments(Schema.get().files());
  private final JsonSchemas schemas = new JsonSchemas(comments);

  private OpenApi() {}

  /** The contract of these services, as JSON text. */
  public static String of(String title, List<ServerServiceDefinition> services) {
    try {
      return MAPPER.writeValueAsString(new OpenApi().document(title, HttpRules.of(services)))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers", e);
    }
  }

  private ObjectNode document(String title, List<HttpRoute> routes) {
    ObjectNode document = MAPPER.createObjectNode().put("openapi", "3.1.0");
    document.putObject("info").put("title", title).put("version", "1").put("description", ABOUT);
    document.putArray("security").addObject().putArray("certificate");
    ((ArrayNode) document.get("security")).addObject().putArray("token");
    Map<String, ObjectNode> paths = new TreeMap<>();
    // Services come in no order; a document has one.
    routes.stream()
        .sorted(Comparator.comparing(route -> route.schema().getFullName() + route.verb()))
        .forEach(route ->
            paths
                .computeIfAbsent(route.path().openApi(), _ -> MAPPER.createObjectNode())
                .set(route.verb().toLowerCase(Locale.ROOT), operation(route)));
    ObjectNode all = document.putObject("paths");
    paths.forEach(all::set);
    ObjectNode components = document.putObject("components");
    ObjectNode messages = components.putObject("schemas");
    schemas.all().forEach(messages::set);
    messages.set("Problem", problem());
    ObjectNode security = components.putObject("securitySchemes");
    security
        .putObject("certificate")
        .put("type", "mutualTLS")
        .put("description", "A certificate of a trusted organization that names one identity.");
    security
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT")
        .put("description", "Where the service takes tokens.");
    return document;
  }

  private ObjectNode operation(HttpRoute route) {
    MethodDescriptor method = route.schema();
    String comment = comments.of(method.getFullName());
    ObjectNode operation = MAPPER.createObjectNode();
    operation.putArray("tags").add(method.getService().getName());
    operation.put(
        "operationId",
        method.getService().getName()
            + "_"
            + method.getName()
            + (route.verb().equals("GET") ? "_get" : "_post"));
    operation.put("summary", comment.split("(?<=\\.) ", 2)[0]);
    operation.put("description", comment);
    ArrayNode parameters = operation.putArray("parameters");
    route.path().variables().forEach(name -> parameters.add(parameter(route, name, "path")));
    switch (route.body()) {
      case HttpRoute.Body.Whole() -> body(operation).set("schema", whole(route));
      case HttpRoute.Body.Field(FieldDescriptor field) ->
          body(operation).set("schema", schemas.reference(field.getMessageType()));
      case HttpRoute.Body.None() ->
          method.getInputType().getFields().stream()
              .filter(field -> !route.path().variables().contains(field.getName()))
              .forEach(field -> parameters.add(parameter(route, field.getName(), "query")));
    }
    responses(route, operation.putObject("responses"));
    return operation;
  }

  private static ObjectNode body(ObjectNode operation) {
    return operation.putObject("requestBody").putObject("content").putObject(JSON);
  }

  /** The whole request; what is in the path need not be in it again. */
  private ObjectNode whole(HttpRoute route) {
    Descriptor request = route.schema().getInputType();
    List<String> inPath = route.path().variables();
    return inPath.isEmpty() ? schemas.reference(request) : schemas.without(request, inPath);
  }

  private ObjectNode parameter(HttpRoute route, String name, String place) {
    FieldDescriptor field = route.schema().getInputType().findFieldByName(name);
    boolean isInPath = place.equals("path");
    ObjectNode parameter = MAPPER.createObjectNode();
    parameter.put("name", isInPath ? name : field.getJsonName()).put("in", place);
    parameter.put("description", comments.of(field.getFullName()));
    if (isInPath || schemas.isRequired(field)) {
      parameter.put("required", true);
    }
    boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    ObjectNode schema = schemas.field(field);
    schema.remove("description");
    if (isMessage && !field.isMapField() && !field.isRepeated()) {
      parameter.putObject("content").putObject(JSON).set("schema", schema);
    } else {
      parameter.set("schema", schema);
    }
    return parameter;
  }

  private void responses(HttpRoute route, ObjectNode responses) {
    ObjectNode answer =
        schemas.reference(
            route
                .responseBody()
                .map(FieldDescriptor::getMessageType)
                .orElse(route.schema().getOutputType()));
    ObjectNode good = responses.putObject("200");
    if (route.schema().isServerStreaming()) {
      good.put("description", "A stream; each line or event's data is one answer.");
      ObjectNode content = good.putObject("content");
      content.putObject(StreamForm.LINES.mediaType()).set("schema", answer);
      content
          .putObject(StreamForm.EVENTS.mediaType())
          .putObject("schema")
          .put("type", "string")
          .put("description", "Events with such data; \"error\" holds a problem, \"end\" nothing.");
    } else {
      good.put("description", "The answer.");
      good.putObject("content").putObject(JSON).set("schema", answer);
    }
    ObjectNode refused = responses.putObject("default");
    refused.put("description", "A refusal, with its reason.");
    refused
        .putObject("content")
        .putObject(Problem.MEDIA_TYPE)
        .putObject("schema")
        .put("$ref", "#/components/schemas/Problem");
  }

  private ObjectNode problem() {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    schema.put("description", "A refusal (RFC 9457).");
    ObjectNode properties = schema.putObject("properties");
    text(properties, "type", "urn:odap:error: and the reason.");
    text(properties, "title", "The reason, for a person.");
    properties.putObject("status").put("type", "integer").put("minimum", 400).put("maximum", 599);
    text(properties, "detail", "What is wrong, for a person.");
    text(properties, "reason", "Why: an odap.common.v1.ErrorReason without its prefix.");
    text(
        properties,
        "retry",
        "Whether a repeat can help: an odap.common.v1.Retry without its prefix.");
    properties
        .putObject("success")
        .put("const", false)
        .put("description", "Where answers have it (recovery-01 4.5).");
    ObjectNode error = properties.putObject("errors").put("type", "array").putObject("items");
    error.put("type", "object");
    ObjectNode parts = error.putObject("properties");
    text(parts, "field", "Path of the field, in the names of JSON.");
    text(parts, "description", "What is wrong with it.");
    error.putArray("required").add("field").add("description");
    ArrayNode required = schema.putArray("required");
    List.of("type", "title", "status", "detail", "reason", "retry").forEach(required::add);
    return schema.put("additionalProperties", false);
  }

  private static void text(ObjectNode properties, String name, String description) {
    properties.putObject(name).put("type", "string").put("description", description);
  }
}
