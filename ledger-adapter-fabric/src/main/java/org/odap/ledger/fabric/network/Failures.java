package org.odap.ledger.fabric.network;

import io.grpc.Status;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.fabric.network.Failure.Kind;

/**
 * Reads failures of a Fabric network. Its gRPC codes don't tell what will never work from what will
 * work in a moment: ABORTED covers a chaincode's refusal, a chaincode that is down, an identity
 * that is not known and endorsers that disagree. So the words count, in the spelling of Fabric 2.5.
 */
public final class Failures {
  /** How the peer passes on what a chaincode said. */
  private static final Pattern CHAINCODE =
      Pattern.compile("chaincode response (\\d+), (.*)", Pattern.DOTALL);

  private static final int WORDS_LENGTH_MAX = 600;

  /** Words that decide, in this order; the rest is decided by the code. */
  private static final List<Row> ROWS =
      List.of(
          new Row(
              "duplicate transaction found",
              Kind.UNKNOWN,
              "a transaction of this id is on the ledger already"),
          new Row("could not launch chaincode", Kind.TRY_AGAIN, "the chaincode is not running"),
          new Row(
              "access denied",
              Kind.PERMANENT,
              "the peer refuses the adapter's identity: check identity.msp-id, certificate and key"),
          new Row(
              "No metadata was found for chaincode",
              Kind.PERMANENT,
              "the channel has no such chaincode: check channel and chaincode"),
          new Row(
              "failed to find any endorsing peers for org",
              Kind.PERMANENT,
              "an endorsing organization has no peer on the channel: check endorsing-organizations"),
          new Row(
              "no peer combination can satisfy the endorsement policy",
              Kind.TRY_AGAIN,
              "too few organizations' peers are up for the endorsement policy"),
          new Row(
              "ProposalResponsePayloads do not match",
              Kind.TRY_AGAIN,
              "the endorsing peers disagree: one is behind, or runs another chaincode"),
          new Row("connection refused", Kind.TRY_AGAIN, "an endorsing organization's peer is down"),
          new Row("exceeding concurrency limit", Kind.TRY_AGAIN, "the peer has too much to do"));

  private record Row(String words, Kind kind, String meaning) {}

  private Failures() {}

  /** What a failed call of the Gateway service means. */
  public static Failure of(GatewayException e) {
    String said = said(e.getStatus(), e.getDetails());
    // Whatever its words: the orderer may have the transaction, and the peer may have its block.
    if (e instanceof SubmitException || e instanceof CommitStatusException) {
      return unknown(said);
    }
    return of(e.getStatus(), said, e);
  }

  /** What the failure of an open stream of events means. */
  public static Failure of(GatewayRuntimeException e) {
    return of(e.getStatus(), said(e.getStatus(), e.getDetails()), e);
  }

  /**
   * What it means that a transaction was found invalid at its commit; nothing was changed by it.
   */
  public static Failure of(TxValidationCode code) {
    return switch (code) {
      case MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT ->
          failure(Kind.TRY_AGAIN, "another transaction came first", code.name());
      case EXPIRED_CHAINCODE, CHAINCODE_VERSION_CONFLICT ->
          failure(Kind.TRY_AGAIN, "the chaincode was upgraded meanwhile", code.name());
      case ENDORSEMENT_POLICY_FAILURE ->
          failure(
              Kind.PERMANENT,
              "too few organizations endorsed the transaction: check endorsing-organizations",
              code.name());
      default -> failure(Kind.PERMANENT, "the peers found the transaction invalid", code.name());
    };
  }

  private static Failure of(Status status, String said, Exception e) {
    Optional<String> refusal = chaincodeWords(said);
    if (refusal.isPresent()) {
      return new Failure(Kind.REFUSED, ErrorReason.ERROR_REASON_LEDGER_REFUSED, refusal.get());
    }
    Optional<Row> row = ROWS.stream().filter(r -> said.contains(r.words())).findFirst();
    if (row.isPresent()) {
      return failure(row.get().kind(), row.get().meaning(), said);
    }
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED ->
          new Failure(
              Kind.PERMANENT,
              ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE,
              shortened("larger than the peer or the adapter takes", said));
      case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, NOT_FOUND, UNIMPLEMENTED ->
          failure(Kind.PERMANENT, "the peer refuses the call", said);
      case UNAVAILABLE -> unavailable(said, e);
      default -> failure(Kind.TRY_AGAIN, "the peer can't be asked", said);
    };
  }

  /** A wrong certificate authority looks like a peer that is down; only the cause tells. */
  private static Failure unavailable(String said, Exception e) {
    Optional<Throwable> tls =
        Stream.<Throwable>iterate(e, t -> t != null, Throwable::getCause)
            .filter(t -> t instanceof SSLException || t instanceof CertificateException)
            .findFirst();
    return tls.map(cause ->
            new Failure(
                Kind.PERMANENT,
                ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
                shortened(
                    "no TLS with the peer: check peer.trusted, peer.server-name and that the peer"
                        + " speaks TLS",
                    String.valueOf(cause.getMessage()))))
        .orElseGet(() -> failure(Kind.TRY_AGAIN, "the peer can't be reached", said));
  }

  private static Failure unknown(String said) {
    return new Failure(
        Kind.UNKNOWN,
        ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
        shortened("what became of the transaction is not known yet", said));
  }

  private static Failure failure(Kind kind, String meaning, String said) {
    ErrorReason reason =
        switch (kind) {
          case REFUSED, PERMANENT -> ErrorReason.ERROR_REASON_LEDGER_REFUSED;
          case TRY_AGAIN -> ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE;
          case UNKNOWN -> ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN;
        };
    return new Failure(kind, reason, shortened(meaning, said));
  }

  private static Optional<String> chaincodeWords(String said) {
    Matcher match = CHAINCODE.matcher(said);
    return match.find()
        ? Optional.of(match.group(2).lines().findFirst().orElse(""))
        : Optional.empty();
  }

  /** What endorsing peers said comes in details; the status only sums up. */
  private static String said(Status status, List<ErrorDetail> details) {
    StringBuilder said = new StringBuilder();
    for (ErrorDetail detail : details) {
      said.append(detail.getMspId()).append(": ").append(detail.getMessage()).append('\n');
    }
    return said.append(status.getCode())
        .append(": ")
        .append(Optional.ofNullable(status.getDescription()).orElse(""))
        .toString();
  }

  private static String shortened(String meaning, String said) {
    String line = said.lines().findFirst().orElse("");
    String text = meaning + " (" + line + ")";
    return text.length() <= WORDS_LENGTH_MAX ? text : text.substring(0, WORDS_LENGTH_MAX) + "...";
  }
}
