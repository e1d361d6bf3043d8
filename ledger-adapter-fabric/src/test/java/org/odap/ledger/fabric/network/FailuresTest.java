package org.odap.ledger.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.fabric.network.Failure.Kind;

/** One row for each way in which a real network (Fabric 2.5) was seen to fail. */
@Tag("CARD-6")
final class FailuresTest {
  private record Row(
      String situation, Failure failure, Kind kind, ErrorReason reason, String words) {}

  @TestFactory
  Stream<DynamicTest> everyWayToFailIsReadAsWhatItIs() {
    return rows().stream()
        .map(row ->
            DynamicTest.dynamicTest(
                row.situation(),
                () -> {
                  assertThat(row.failure().kind()).isEqualTo(row.kind());
                  assertThat(row.failure().reason()).isEqualTo(row.reason());
                  assertThat(row.failure().words()).contains(row.words()).doesNotContain("\n");
                }));
  }

  private static List<Row> rows() {
    return List.of(
        refused(
            "chaincode throws, evaluate",
            evaluate(Code.UNKNOWN, "chaincode response 500, LOCK_EXPIRED: the lock ended"),
            "LOCK_EXPIRED: the lock ended"),
        refused(
            "chaincode throws, submit",
            endorse(Code.ABORTED, "chaincode response 500, ASSET_LOCKED: wait"),
            "ASSET_LOCKED: wait"),
        refused(
            "chaincode's words that look like the peer's",
            endorse(Code.ABORTED, "chaincode response 500, access denied by the chaincode"),
            "access denied by the chaincode"),
        refused(
            "unknown function",
            endorse(Code.ABORTED, "chaincode response 500, Undefined contract method called"),
            "Undefined contract method called"),
        tryAgain(
            "chaincode process down, evaluate and submit",
            endorse(
                Code.ABORTED,
                "error in simulation: failed to execute transaction x: could not launch chaincode odap:1"),
            "the chaincode is not running"),
        permanent(
            "wrong MSP, or key that does not match the certificate",
            endorse(
                Code.ABORTED,
                "error validating proposal: access denied: channel [c] creator org [o]"),
            "identity.msp-id"),
        permanent(
            "unknown channel or chaincode",
            endorse(
                Code.FAILED_PRECONDITION,
                "no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode X in channel Y"),
            "no such chaincode"),
        permanent(
            "endorsing organization unknown: permanent, yet UNAVAILABLE",
            endorse(Code.UNAVAILABLE, "failed to find any endorsing peers for org(s): NobodyMSP"),
            "endorsing-organizations"),
        tryAgain(
            "other organization's peer just stopped",
            endorse(
                Code.ABORTED,
                "failed to create new connection: dial tcp 127.0.0.1:9051: connect: connection refused"),
            "peer is down"),
        tryAgain(
            "other organization's peer stopped a while ago: transient, yet FAILED_PRECONDITION",
            endorse(
                Code.FAILED_PRECONDITION, "no peer combination can satisfy the endorsement policy"),
            "too few organizations' peers"),
        permanent(
            "too few endorsements forced",
            Failures.of(TxValidationCode.ENDORSEMENT_POLICY_FAILURE),
            "ENDORSEMENT_POLICY_FAILURE"),
        tryAgain(
            "endorsers disagree",
            endorse(Code.ABORTED, "ProposalResponsePayloads do not match"),
            "disagree"),
        tryAgain(
            "parallel read-modify-writes of one key",
            Failures.of(TxValidationCode.MVCC_READ_CONFLICT),
            "another transaction came first"),
        tryAgain(
            "parallel changes of a range that was read",
            Failures.of(TxValidationCode.PHANTOM_READ_CONFLICT),
            "another transaction came first"),
        tryAgain(
            "chaincode upgraded between endorsement and commit",
            Failures.of(TxValidationCode.EXPIRED_CHAINCODE),
            "upgraded"),
        permanent(
            "otherwise invalid at commit",
            Failures.of(TxValidationCode.BAD_CREATOR_SIGNATURE),
            "BAD_CREATOR_SIGNATURE"),
        unknown(
            "committed proposal endorsed again",
            endorse(Code.ABORTED, "duplicate transaction found [a1b2]. Creator [..]"),
            "on the ledger already"),
        unknown(
            "status of a transaction never ordered; orderer killed after its word",
            status(Code.DEADLINE_EXCEEDED, "deadline exceeded after 5s"),
            "not known yet"),
        unknown(
            "orderer frozen while submitting",
            submit(Code.DEADLINE_EXCEEDED, "deadline exceeded after 5s"),
            "not known yet"),
        unknown(
            "orderer down",
            submit(Code.UNAVAILABLE, "no orderers could successfully process transaction"),
            "not known yet"),
        unknown(
            "peer killed after an acknowledged submit",
            status(Code.UNAVAILABLE, "io exception"),
            "not known yet"),
        unknown(
            "peer killed after an acknowledged submit, once",
            status(Code.UNKNOWN, "channel closed"),
            "not known yet"),
        tryAgain(
            "peer frozen, new connection",
            endorse(Code.UNAVAILABLE, "io exception"),
            "can't be reached"),
        tryAgain(
            "peer frozen, endorsement",
            endorse(Code.DEADLINE_EXCEEDED, "deadline exceeded after 15s"),
            "can't be asked"),
        tryAgain(
            "event stream, peer restarted",
            Failures.of(
                new GatewayRuntimeException(
                    new StatusRuntimeException(
                        io.grpc.Status.UNAVAILABLE.withDescription("Network closed")))),
            "can't be reached"),
        new Row(
            "wrong TLS authority: only the cause tells",
            evaluateBecauseOf(new SSLHandshakeException("PKIX path building failed")),
            Kind.PERMANENT,
            ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
            "peer.trusted"),
        tryAgain(
            "nobody listens",
            evaluateBecauseOf(new ConnectException("refused")),
            "can't be reached"),
        new Row(
            "answer over the limit",
            evaluate(
                Code.RESOURCE_EXHAUSTED, "gRPC message exceeds maximum size 4194304: 15728640"),
            Kind.PERMANENT,
            ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE,
            "larger than"),
        tryAgain(
            "peer at its limit of calls",
            evaluate(
                Code.RESOURCE_EXHAUSTED,
                "too many requests for /gateway.Gateway, exceeding concurrency limit (500)"),
            "too much to do"));
  }

  private static Row refused(String situation, Failure failure, String words) {
    return new Row(
        situation, failure, Kind.REFUSED, ErrorReason.ERROR_REASON_LEDGER_REFUSED, words);
  }

  private static Row permanent(String situation, Failure failure, String words) {
    return new Row(
        situation, failure, Kind.PERMANENT, ErrorReason.ERROR_REASON_LEDGER_REFUSED, words);
  }

  private static Row tryAgain(String situation, Failure failure, String words) {
    return new Row(
        situation, failure, Kind.TRY_AGAIN, ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, words);
  }

  private static Row unknown(String situation, Failure failure, String words) {
    return new Row(
        situation, failure, Kind.UNKNOWN, ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN, words);
  }

  /** What endorsing peers say comes in details; the description only sums up. */
  private static Failure endorse(Code code, String detail) {
    Status status =
        Status.newBuilder()
            .setCode(code.value())
            .setMessage("failed to endorse transaction, see attached details for more info")
            .addDetails(
                Any.pack(
                    ErrorDetail.newBuilder()
                        .setAddress("peer0.org1:7051")
                        .setMspId("Org1MSP")
                        .setMessage(detail)
                        .build()))
            .build();
    return Failures.of(new EndorseException("a1b2", StatusProto.toStatusRuntimeException(status)));
  }

  private static Failure evaluate(Code code, String description) {
    return Failures.of(new GatewayException(failed(code, description)));
  }

  private static Failure evaluateBecauseOf(Exception cause) {
    return Failures.of(
        new GatewayException(
            io.grpc.Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(cause)
                .asRuntimeException()));
  }

  private static Failure submit(Code code, String description) {
    return Failures.of(new SubmitException("a1b2", failed(code, description)));
  }

  private static Failure status(Code code, String description) {
    return Failures.of(new CommitStatusException("a1b2", failed(code, description)));
  }

  private static StatusRuntimeException failed(Code code, String description) {
    return code.toStatus().withDescription(description).asRuntimeException();
  }
}
