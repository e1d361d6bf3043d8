package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Retry;

class OdapErrorsTest {
  static Stream<ErrorReason> reasons() {
    return Arrays.stream(ErrorReason.values()).filter(reason -> reason != ErrorReason.UNRECOGNIZED);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void everyReasonSaysHowItTravelsAndWhetherToRetry(ErrorReason reason) {
    assertThat(OdapErrors.grpcCode(reason)).isNotEqualTo(Status.Code.OK);
    assertThat(OdapErrors.httpStatus(reason)).isBetween(400, 599);
    assertThat(OdapErrors.retry(reason)).isNotEqualTo(Retry.RETRY_UNSPECIFIED);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void everyReasonComesBackAsItWent(ErrorReason reason) throws Exception {
    OdapException sent =
        new OdapException(reason, "why", List.of(new FieldViolation("a.b", "value: 1")));
    StatusRuntimeException onTheWire = OdapErrors.toGrpc(sent);
    OdapException told = OdapErrors.fromGrpc(onTheWire);

    assertThat(told.reason()).isEqualTo(reason);
    assertThat(told.description()).isEqualTo("why");
    assertThat(told.fieldViolations()).isEqualTo(sent.fieldViolations());
    assertThat(onTheWire.getStatus().getCode()).isEqualTo(OdapErrors.grpcCode(reason));
    com.google.rpc.Status status = StatusProto.fromThrowable(onTheWire);
    assertThat(status.getDetails(0).unpack(ErrorInfo.class))
        .isEqualTo(
            ErrorInfo.newBuilder()
                .setDomain("odap")
                .setReason(reason.name().replace("ERROR_REASON_", ""))
                .build());
    boolean retryHelps =
        List.of(Retry.RETRY_SAME_CALL, Retry.RETRY_ASK_AGAIN).contains(OdapErrors.retry(reason));
    assertThat(status.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class)))
        .isEqualTo(retryHelps);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, ERROR_REASON_UNAVAILABLE",
    "DEADLINE_EXCEEDED, ERROR_REASON_UNAVAILABLE",
    "UNAUTHENTICATED, ERROR_REASON_CALLER_UNKNOWN",
    "UNIMPLEMENTED, ERROR_REASON_CAPABILITY_UNSUPPORTED",
    "UNKNOWN, ERROR_REASON_INTERNAL",
  })
  void aFailureWithoutAReasonOfOursGetsTheCarefulOne(Status.Code code, ErrorReason reason) {
    assertThat(OdapErrors.fromGrpc(code.toStatus().asRuntimeException()).reason())
        .isEqualTo(reason);
  }

  @Test
  void aReasonOfALaterReleaseFallsBackToItsCode() {
    StatusRuntimeException later =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.PERMISSION_DENIED.value())
                .addDetails(
                    com.google.protobuf.Any.pack(
                        ErrorInfo.newBuilder().setDomain("odap").setReason("NEWER").build()))
                .build());
    assertThat(OdapErrors.fromGrpc(later).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
  }
}
