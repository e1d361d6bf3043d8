package org.odap.edge;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import org.odap.runtime.rpc.OdapErrors;

/** What a call's end is called over HTTP. */
final class Outcomes {
  private static final String SUCCESS = "success";

  private Outcomes() {}

  /** The part of an answer that is sent. */
  static Message body(HttpRoute route, Message answer) {
    return route.responseBody().map(field -> (Message) answer.getField(field)).orElse(answer);
  }

  static Problem problem(HttpRoute route, Status status, Metadata trailers) {
    // OK without an answer is the method's mistake, and not for callers to understand.
    Status failure = status.isOk() ? Status.INTERNAL : status;
    return Problem.of(OdapErrors.fromGrpc(failure.asRuntimeException(trailers)))
        .inJson(route.schema().getInputType());
  }

  /** Where answers say {@code "success": true} (recovery-01 4.5), refusals say false. */
  static Optional<Boolean> noSuccess(HttpRoute route) {
    return Optional.ofNullable(route.schema().getOutputType().findFieldByName(SUCCESS))
        .filter(field -> field.getType() == FieldDescriptor.Type.BOOL)
        .map(_ -> false);
  }
}
