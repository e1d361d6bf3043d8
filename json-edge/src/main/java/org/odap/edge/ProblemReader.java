package org.odap.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** What a caller makes of a problem; of anything else as little as is safe. */
final class ProblemReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SERVER_ERROR = 500;
  private static final int DETAIL_CHARS_MAX = 1024;

  private ProblemReader() {}

  static OdapException read(int status, byte[] body) {
    JsonNode problem = tree(body);
    Optional<ErrorReason> told = OdapErrors.reason(problem.path("reason").asText());
    List<FieldViolation> violations = new ArrayList<>();
    problem
        .path("errors")
        .forEach(error ->
            violations.add(
                new FieldViolation(
                    shortened(error.path("field").asText()),
                    shortened(error.path("description").asText()))));
    String detail = shortened(problem.path("detail").asText());
    return new OdapException(
        told.orElseGet(() -> reasonOf(status)),
        detail.isEmpty() ? "HTTP status " + status : detail,
        violations);
  }

  /** Somebody in between answered: a repeat may reach the other end. */
  private static ErrorReason reasonOf(int status) {
    return status >= SERVER_ERROR
        ? ErrorReason.ERROR_REASON_UNAVAILABLE
        : ErrorReason.ERROR_REASON_INTERNAL;
  }

  private static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      return MAPPER.createObjectNode();
    }
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), DETAIL_CHARS_MAX));
  }
}
