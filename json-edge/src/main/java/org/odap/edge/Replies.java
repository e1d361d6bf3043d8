package org.odap.edge;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.Optional;

/** Whole HTTP answers, with what every answer says about itself. */
final class Replies {
  private static final String JSON = "application/json";
  private static final String RETRY_AFTER_SECONDS = "1";

  private Replies() {}

  /** Nothing of what is answered may be kept or taken for something else. */
  static ResponseHeadersBuilder headers(int status, String mediaType) {
    return ResponseHeaders.builder(HttpStatus.valueOf(status))
        .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
        .set(HttpHeaderNames.CACHE_CONTROL, "private, no-store")
        .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
  }

  static HttpResponse json(byte[] json) {
    return HttpResponse.of(headers(HttpStatus.OK.code(), JSON).build(), HttpData.wrap(json));
  }

  static HttpResponse problem(Problem problem, Optional<Boolean> success) {
    return HttpResponse.of(problemHeaders(problem).build(), HttpData.wrap(problem.json(success)));
  }

  static ResponseHeadersBuilder problemHeaders(Problem problem) {
    ResponseHeadersBuilder headers = headers(problem.status(), Problem.MEDIA_TYPE);
    if (problem.canBeRepeated()) {
      headers.set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (problem.status() == HttpStatus.UNAUTHORIZED.code()) {
      // Which tokens, and whether any, the service's documentation tells; this names the scheme.
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    }
    return headers;
  }
}
