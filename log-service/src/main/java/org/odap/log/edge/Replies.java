package org.odap.log.edge;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.log.entry.Outcome;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** From outcomes to what gRPC sends. */
final class Replies {
  private Replies() {}

  /** The value, or the refusal as the exception that the server maps. */
  static <T> T valueOf(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T> refused -> throw exception(refused);
    };
  }

  /** How gRPC says that an outcome is that. */
  static Status.Code code(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> _ -> Status.Code.OK;
      case Outcome.Refused<?> refused ->
          OdapErrors.toGrpc(exception(refused)).getStatus().getCode();
    };
  }

  private static OdapException exception(Outcome.Refused<?> refused) {
    String description = refused.description();
    boolean isAboutField =
        refused.reason() == ERROR_REASON_FIELD_INVALID
            || refused.reason() == ERROR_REASON_FIELD_MISSING;
    if (!isAboutField) {
      return new OdapException(refused.reason(), description);
    }
    String field = description.substring(0, Math.max(0, description.indexOf(':')));
    return new OdapException(
        refused.reason(), description, List.of(new FieldViolation(field, description)));
  }

  /** Streams what a source gives until it gives nothing, no faster than the caller reads. */
  static <T> void stream(StreamObserver<T> observer, Supplier<Optional<T>> source) {
    ServerCallStreamObserver<T> caller = (ServerCallStreamObserver<T>) observer;
    Runnable send =
        new Runnable() {
          private boolean completed;

          @Override
          public void run() {
            while (caller.isReady() && !completed) {
              Optional<T> next = source.get();
              next.ifPresent(caller::onNext);
              if (next.isEmpty()) {
                completed = true;
                caller.onCompleted();
              }
            }
          }
        };
    caller.setOnReadyHandler(send);
  }
}
