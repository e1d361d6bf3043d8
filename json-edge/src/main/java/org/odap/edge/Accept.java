package org.odap.edge;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;

/** What a caller takes as an answer. */
final class Accept {
  private static final int NOT_ACCEPTABLE = 406;
  private static final List<String> JSON = List.of("application/json", "application/*", "*/*");

  private Accept() {}

  /** Refuses a caller that takes no JSON. */
  static void json(RequestHeaders headers) {
    if (accepted(headers).stream().noneMatch(JSON::contains)) {
      throw refused("application/json");
    }
  }

  /** The first form of a stream that a caller names; events when it takes anything. */
  static StreamForm stream(RequestHeaders headers) {
    return accepted(headers).stream()
        .flatMap(type -> form(type).stream())
        .findFirst()
        .orElseThrow(() -> refused("text/event-stream or application/x-ndjson"));
  }

  private static Optional<StreamForm> form(String type) {
    return switch (type) {
      case "*/*", "text/*" -> Optional.of(StreamForm.EVENTS);
      case "application/*" -> Optional.of(StreamForm.LINES);
      default ->
          Arrays.stream(StreamForm.values())
              .filter(form -> form.mediaType().equals(type))
              .findFirst();
    };
  }

  private static List<String> accepted(RequestHeaders headers) {
    return Arrays.stream(headers.get(HttpHeaderNames.ACCEPT, "*/*").split(",", -1))
        .map(one -> one.split(";", -1)[0].trim().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static ProblemException refused(String expected) {
    return new ProblemException(
        Problem.of(
            NOT_ACCEPTABLE,
            ErrorReason.ERROR_REASON_FIELD_INVALID,
            "Accept: nothing that is offered here (expected: " + expected + ")"));
  }
}
