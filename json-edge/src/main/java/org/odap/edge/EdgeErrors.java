package org.odap.edge;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.annotation.Nullable;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.ErrorReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What HTTP refuses before a request has been read, as problems like all others. */
final class EdgeErrors implements ServerErrorHandler {
  private static final int INTERNAL = 500;
  private static final int REQUEST_TIMEOUT = 408;
  private static final Logger log = LoggerFactory.getLogger(EdgeErrors.class);

  @Override
  public HttpResponse onServiceException(ServiceRequestContext http, Throwable cause) {
    return Replies.problem(problem(cause), Optional.empty());
  }

  /** The problem of a request that could not be read to its end. */
  static Problem problem(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (failure instanceof ContentTooLargeException || cause instanceof ContentTooLargeException) {
      return Problem.of(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE.code(),
          ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE,
          "the body is larger than is taken here");
    }
    if (failure instanceof RequestTimeoutException || cause instanceof RequestTimeoutException) {
      return Problem.of(
          REQUEST_TIMEOUT,
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "the request did not come to its end in time");
    }
    if (cause instanceof ClosedStreamException
        || failure instanceof ClosedStreamException
        || cause instanceof ResponseCompleteException) {
      return Problem.of(
          HttpStatus.SERVICE_UNAVAILABLE.code(),
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "the caller is gone");
    }
    String errorId = UUID.randomUUID().toString();
    log.atError().setCause(failure).addKeyValue("error_id", errorId).log("edge failed");
    return Problem.of(INTERNAL, ErrorReason.ERROR_REASON_INTERNAL, "internal error " + errorId);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext http,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    ErrorReason reason =
        switch (status.code()) {
          case 413, 414, 431 -> ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE;
          case 404, 405, 501 -> ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED;
          default ->
              status.isClientError()
                  ? ErrorReason.ERROR_REASON_FIELD_INVALID
                  : ErrorReason.ERROR_REASON_UNAVAILABLE;
        };
    Problem problem = Problem.of(status.code(), reason, status.reasonPhrase());
    return AggregatedHttpResponse.of(
        Replies.problemHeaders(problem).build(), HttpData.wrap(problem.json(Optional.empty())));
  }
}
