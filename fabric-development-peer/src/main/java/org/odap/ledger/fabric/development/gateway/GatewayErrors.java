package org.odap.ledger.fabric.development.gateway;

import com.google.protobuf.Any;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.odap.ledger.fabric.development.endorsement.Endorser;

/** Errors as the real gateway sends them: the node that failed and its words in the details. */
final class GatewayErrors {
  private GatewayErrors() {}

  static StatusRuntimeException error(Status.Code code, String message) {
    return error(code, message, List.of());
  }

  static StatusRuntimeException error(Status.Code code, String message, List<ErrorDetail> details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
    details.forEach(detail -> status.addDetails(Any.pack(detail)));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  static ErrorDetail detail(Endorser endorser, String message) {
    return detail(endorser.address(), endorser.mspId(), message);
  }

  static ErrorDetail detail(String address, String mspId, String message) {
    return ErrorDetail.newBuilder().setAddress(address).setMspId(mspId).setMessage(message).build();
  }
}
