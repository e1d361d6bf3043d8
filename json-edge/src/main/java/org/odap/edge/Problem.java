package org.odap.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Retry;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * A refusal as HTTP tells it (RFC 9457), with the suite's reason.
 *
 * @param status HTTP status; usually the reason's own
 */
record Problem(int status, ErrorReason reason, String detail, List<FieldViolation> errors) {
  static final String MEDIA_TYPE = "application/problem+json";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TYPE = "urn:odap:error:";

  Problem {
    errors = List.copyOf(errors);
  }

  /** What a service or the reading of a request threw; its fields are named as in the schema. */
  static Problem of(OdapException failure) {
    return new Problem(
        OdapErrors.httpStatus(failure.reason()),
        failure.reason(),
        failure.description(),
        failure.fieldViolations());
  }

  /** What HTTP itself has to refuse. */
  static Problem of(int status, ErrorReason reason, String detail) {
    return new Problem(status, reason, detail, List.of());
  }

  /** With fields named as in JSON. */
  Problem inJson(Descriptor request) {
    return new Problem(
        status,
        reason,
        detail,
        errors.stream()
            .map(e -> new FieldViolation(FieldNames.inJson(request, e.field()), e.description()))
            .toList());
  }

  boolean canBeRepeated() {
    return OdapErrors.retry(reason) == Retry.RETRY_SAME_CALL
        || OdapErrors.retry(reason) == Retry.RETRY_ASK_AGAIN;
  }

  /**
   * Its JSON.
   *
   * @param success what to say in a member of this name, where the method's answers have one
   */
  byte[] json(Optional<Boolean> success) {
    try {
      ObjectNode json = node();
      success.ifPresent(value -> json.put("success", value));
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers", e);
    }
  }

  private ObjectNode node() {
    String name = OdapErrors.name(reason);
    ObjectNode json = MAPPER.createObjectNode();
    json.put("type", TYPE + name);
    json.put("title", title(name));
    json.put("status", status);
    json.put("detail", detail);
    json.put("reason", name);
    json.put("retry", retryName());
    if (!errors.isEmpty()) {
      ArrayNode list = json.putArray("errors");
      errors.forEach(
          e -> list.addObject().put("field", e.field()).put("description", e.description()));
    }
    return json;
  }

  private String retryName() {
    return OdapErrors.retry(reason).name().substring("RETRY_".length());
  }

  /** SIGNATURE_INVALID: "Signature invalid". */
  private static String title(String name) {
    String words = name.replace('_', ' ').toLowerCase(Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
