package org.odap.runtime.rpc;

import com.google.common.base.Throwables;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.common.v1.Error;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Retry;

/**
 * How the suite's failures travel: {@link OdapException} to gRPC status with details and back. What
 * a reason means (code, HTTP status, whether to retry) stands in the proto alone.
 */
public final class OdapErrors {
  /** Domain of the suite's reasons in google.rpc.ErrorInfo. */
  public static final String DOMAIN = "odap";

  private static final String PREFIX = "ERROR_REASON_";
  // Long enough not to add to an overload, short enough for a person who waits.
  private static final int RETRY_DELAY_MILLIS = 200;
  // Descriptions travel in HTTP/2 headers, which peers limit to 8 KiB.
  private static final int DESCRIPTION_CHARS_MAX = 1024;

  private OdapErrors() {}

  /** The gRPC code that carries a reason. */
  public static io.grpc.Status.Code grpcCode(ErrorReason reason) {
    int code = reason.getValueDescriptor().getOptions().getExtension(Error.grpcCode);
    return io.grpc.Status.fromCodeValue(code).getCode();
  }

  /** The HTTP status that carries a reason. */
  public static int httpStatus(ErrorReason reason) {
    return reason.getValueDescriptor().getOptions().getExtension(Error.httpStatus);
  }

  /** Whether a repeat of the call can help. */
  public static Retry retry(ErrorReason reason) {
    return reason.getValueDescriptor().getOptions().getExtension(Error.retry);
  }

  /** A reason as it stands in ErrorInfo and problem+json: without the enum's prefix. */
  public static String name(ErrorReason reason) {
    return reason.name().substring(PREFIX.length());
  }

  /** The reverse of {@link #name}; empty for a name this release does not know. */
  public static Optional<ErrorReason> reason(String name) {
    try {
      return Optional.of(ErrorReason.valueOf(PREFIX + name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What a service answers. */
  public static StatusRuntimeException toGrpc(OdapException failure) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(grpcCode(failure.reason()).value())
            .setMessage(shortened(failure.description()))
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(name(failure.reason()))
                        .setDomain(DOMAIN)
                        .build()));
    if (!failure.fieldViolations().isEmpty()) {
      status.addDetails(Any.pack(badRequest(failure.fieldViolations())));
    }
    Retry retry = retry(failure.reason());
    if (retry == Retry.RETRY_SAME_CALL || retry == Retry.RETRY_ASK_AGAIN) {
      Duration delay = Duration.newBuilder().setNanos(RETRY_DELAY_MILLIS * 1_000_000).build();
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** The transport says "ssl exception" only; what helps stands at the root of it. */
  private static String cause(io.grpc.Status status) {
    return Optional.ofNullable(status.getCause())
        .map(Throwables::getRootCause)
        .map(root -> " (" + Optional.ofNullable(root.getMessage()).orElse(root.toString()) + ")")
        .orElse("");
  }

  /**
   * The answer of a call to another service.
   *
   * @throws OdapException what a caller makes of the call's failure, as {@link #fromGrpc} says
   */
  public static <T> T calling(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw fromGrpc(e);
    }
  }

  /**
   * What a caller makes of a failed call. A failure without a reason of ours came from the
   * transport or from somebody else's server; it gets the reason that treats it most carefully.
   */
  public static OdapException fromGrpc(StatusRuntimeException failure) {
    Optional<Status> status = Optional.ofNullable(StatusProto.fromThrowable(failure));
    Optional<ErrorReason> told =
        status
            .flatMap(s -> detail(s, ErrorInfo.class))
            .filter(info -> info.getDomain().equals(DOMAIN))
            .flatMap(info -> reason(info.getReason()));
    List<FieldViolation> violations =
        status.flatMap(s -> detail(s, BadRequest.class)).stream()
            .flatMap(request -> request.getFieldViolationsList().stream())
            .map(field -> new FieldViolation(field.getField(), field.getDescription()))
            .toList();
    String description =
        Optional.ofNullable(failure.getStatus().getDescription())
                .orElse(failure.getStatus().getCode().name())
            + cause(failure.getStatus());
    ErrorReason reason = told.orElseGet(() -> reasonOf(failure.getStatus().getCode()));
    return new OdapException(reason, description, violations, failure);
  }

  private static ErrorReason reasonOf(io.grpc.Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED ->
          ErrorReason.ERROR_REASON_UNAVAILABLE;
      case UNAUTHENTICATED -> ErrorReason.ERROR_REASON_CALLER_UNKNOWN;
      case PERMISSION_DENIED -> ErrorReason.ERROR_REASON_PERMISSION_DENIED;
      case UNIMPLEMENTED -> ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED;
      case RESOURCE_EXHAUSTED -> ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorReason.ERROR_REASON_FIELD_INVALID;
      default -> ErrorReason.ERROR_REASON_INTERNAL;
    };
  }

  private static BadRequest badRequest(List<FieldViolation> violations) {
    BadRequest.Builder request = BadRequest.newBuilder();
    for (FieldViolation violation : violations) {
      request.addFieldViolations(
          BadRequest.FieldViolation.newBuilder()
              .setField(violation.field())
              .setDescription(shortened(violation.description())));
    }
    return request.build();
  }

  private static <T extends Message> Optional<T> detail(Status status, Class<T> type) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String shortened(String text) {
    return text.length() <= DESCRIPTION_CHARS_MAX
        ? text
        : text.substring(0, DESCRIPTION_CHARS_MAX) + "...";
  }
}
