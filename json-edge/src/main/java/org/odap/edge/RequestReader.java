package org.odap.edge;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;

/** A method's request out of an HTTP request: path, query, body, and the idempotency key. */
final class RequestReader {
  private static final String REQUEST_ID = "request_id";
  private static final String IDEMPOTENCY_KEY = "idempotency-key";
  private static final String LAST_EVENT_ID = "last-event-id";
  private static final int BAD_REQUEST = 400;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private RequestReader() {}

  /** The request in the form that the method's own marshaller reads. */
  static Object read(RouteTable.Match match, String query, AggregatedHttpRequest http) {
    HttpRoute route = match.route();
    Marshaller<?> marshaller = route.method().getMethodDescriptor().getRequestMarshaller();
    Message.Builder message = builder(route, marshaller);
    body(route, http, message);
    QueryReader parameters = new QueryReader(message);
    match.variables().forEach((name, value) -> fromPath(message, name, value, parameters));
    query(route, query, parameters);
    idempotencyKey(http, message);
    String lastSeen = http.headers().get(LAST_EVENT_ID, "");
    if (!lastSeen.isEmpty()) {
      Resumption.of(route.schema()).ifPresent(stream -> stream.resume(message, lastSeen));
    }
    Message read = message.build();
    // A method that reads bytes in its own way gets bytes.
    return marshaller instanceof PrototypeMarshaller
        ? read
        : marshaller.parse(new ByteArrayInputStream(read.toByteArray()));
  }

  private static Message.Builder builder(HttpRoute route, Marshaller<?> marshaller) {
    return marshaller instanceof PrototypeMarshaller<?> known
            && known.getMessagePrototype() instanceof Message prototype
        ? prototype.newBuilderForType()
        : DynamicMessage.newBuilder(route.schema().getInputType());
  }

  private static void body(HttpRoute route, AggregatedHttpRequest http, Message.Builder message) {
    byte[] content = http.content().array();
    if (content.length == 0) {
      return;
    }
    switch (route.body()) {
      case HttpRoute.Body.None() -> throw Mistakes.malformed("a body (expected: a query)");
      case HttpRoute.Body.Whole() -> {
        checkJson(http);
        JsonReader.read(content, message);
      }
      case HttpRoute.Body.Field(FieldDescriptor field) -> {
        checkJson(http);
        Message.Builder part = message.newBuilderForField(field);
        JsonReader.read(content, part);
        message.setField(field, part.build());
      }
    }
  }

  private static void checkJson(AggregatedHttpRequest http) {
    boolean isPlain =
        http.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity").equals("identity");
    boolean isJson =
        Optional.ofNullable(http.contentType())
            .filter(type -> type.belongsTo(MediaType.JSON) || type.is(MediaType.JSON))
            .isPresent();
    if (!isJson || !isPlain) {
      throw new ProblemException(
          Problem.of(
              UNSUPPORTED_MEDIA_TYPE,
              ErrorReason.ERROR_REASON_FIELD_INVALID,
              "content type or encoding (expected: application/json in UTF-8, not encoded)"));
    }
  }

  /** A body may repeat what the path says, but not contradict it. */
  private static void fromPath(
      Message.Builder message, String name, String value, QueryReader parameters) {
    Optional<FieldDescriptor> given =
        FieldNames.find(message.getDescriptorForType(), name)
            .filter(field -> !field.isRepeated())
            .filter(field -> field.getJavaType() != FieldDescriptor.JavaType.MESSAGE)
            .filter(field -> !message.getField(field).equals(field.getDefaultValue()));
    Object before = given.map(message::getField).orElse("");
    parameters.set(name, value);
    if (given.isPresent() && !message.getField(given.get()).equals(before)) {
      throw Mistakes.invalid(
          given.get().getJsonName(), "not what the path says (expected: only there, or the same)");
    }
  }

  private static void query(HttpRoute route, String query, QueryReader parameters) {
    for (Percent.Parameter parameter : Percent.query(query)) {
      if (route.body() instanceof HttpRoute.Body.Whole) {
        throw Mistakes.unknown(parameter.name());
      }
      parameters.set(parameter.name(), parameter.value());
    }
  }

  private static void idempotencyKey(AggregatedHttpRequest http, Message.Builder message) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(REQUEST_ID);
    String key = http.headers().get(IDEMPOTENCY_KEY, "");
    if (field == null || key.isEmpty() || field.getType() != FieldDescriptor.Type.STRING) {
      return;
    }
    String given = (String) message.getField(field);
    if (!given.isEmpty() && !given.equals(key)) {
      throw new ProblemException(
          Problem.of(
              BAD_REQUEST,
              ErrorReason.ERROR_REASON_FIELD_INVALID,
              "Idempotency-Key: not the request's own " + field.getJsonName()));
    }
    message.setField(field, ScalarText.string(key, field.getJsonName()));
  }
}
