package org.odap.gateway.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.AttestGatewayResponse;
import org.odap.api.peer.v1.CommenceTransferRequest;
import org.odap.api.peer.v1.CommenceTransferResponse;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.CompleteTransferRequest;
import org.odap.api.peer.v1.CompleteTransferResponse;
import org.odap.api.peer.v1.ConfirmRecoveryRequest;
import org.odap.api.peer.v1.ConfirmRecoveryResponse;
import org.odap.api.peer.v1.FinalizeCommitRequest;
import org.odap.api.peer.v1.FinalizeCommitResponse;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.InitiateTransferRequest;
import org.odap.api.peer.v1.InitiateTransferResponse;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.api.peer.v1.PreCommitAck;
import org.odap.api.peer.v1.PreCommitTransferRequest;
import org.odap.api.peer.v1.PreCommitTransferResponse;
import org.odap.api.peer.v1.PrepareCommitRequest;
import org.odap.api.peer.v1.PrepareCommitResponse;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.api.peer.v1.ProveAttestationKeyResponse;
import org.odap.api.peer.v1.RecoverAck;
import org.odap.api.peer.v1.RecoverSessionRequest;
import org.odap.api.peer.v1.RecoverSessionResponse;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.api.peer.v1.RollBackTransferRequest;
import org.odap.api.peer.v1.RollBackTransferResponse;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.api.peer.v1.TransferCompleteAck;
import org.odap.api.peer.v1.ValidateLockEvidenceRequest;
import org.odap.api.peer.v1.ValidateLockEvidenceResponse;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;

/** The endpoints of ODAP 6 to 8 over gRPC. */
public final class PeerEndpoint extends PeerServiceGrpc.PeerServiceImplBase {
  private static final int ID_MAX = 128;
  private static final int PCRS = 24;
  private static final int NONCE_BYTES = 32;
  private static final int CREDENTIAL_BYTES_MAX = 1_024;

  private final Post post;
  private final Machine machine;
  private final Predicate<String> isPeer;

  /** What takes a peer's request and gives the answer. */
  @FunctionalInterface
  public interface Post {
    /**
     * Takes a request.
     *
     * @param caller identity and key of the peer, proven by TLS
     * @throws OdapException the refusal
     */
    OdapMessage receive(OdapMessage request, Caller caller);
  }

  /**
   * Endpoints that hand their requests on.
   *
   * @param machine of this gateway
   * @param isPeer who may ask what it is
   */
  public PeerEndpoint(Post post, Machine machine, Predicate<String> isPeer) {
    this.post = post;
    this.machine = machine;
    this.isPeer = isPeer;
  }

  @Override
  public void initiateTransfer(
      InitiateTransferRequest request, StreamObserver<InitiateTransferResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    InitiateTransferResponse.Builder response = InitiateTransferResponse.newBuilder();
    if (answer.type() == MessageType.INITIALIZATION_DENIED) {
      response.setDenied(answer.as(InitializationDenied.class));
    } else {
      response.setResponse(answer.as(InitializationResponse.class));
    }
    Answers.answer(observer, response.build());
  }

  @Override
  public void commenceTransfer(
      CommenceTransferRequest request, StreamObserver<CommenceTransferResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        CommenceTransferResponse.newBuilder()
            .setMessage(answer.as(TransferCommenceAck.class))
            .build());
  }

  @Override
  public void validateLockEvidence(
      ValidateLockEvidenceRequest request, StreamObserver<ValidateLockEvidenceResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        ValidateLockEvidenceResponse.newBuilder()
            .setMessage(answer.as(LockEvidenceAck.class))
            .build());
  }

  @Override
  public void prepareCommit(
      PrepareCommitRequest request, StreamObserver<PrepareCommitResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        PrepareCommitResponse.newBuilder().setMessage(answer.as(CommitPrepareAck.class)).build());
  }

  @Override
  public void preCommitTransfer(
      PreCommitTransferRequest request, StreamObserver<PreCommitTransferResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        PreCommitTransferResponse.newBuilder().setMessage(answer.as(PreCommitAck.class)).build());
  }

  @Override
  public void finalizeCommit(
      FinalizeCommitRequest request, StreamObserver<FinalizeCommitResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        FinalizeCommitResponse.newBuilder().setMessage(answer.as(CommitFinalAck.class)).build());
  }

  @Override
  public void completeTransfer(
      CompleteTransferRequest request, StreamObserver<CompleteTransferResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        CompleteTransferResponse.newBuilder()
            .setMessage(answer.as(TransferCompleteAck.class))
            .build());
  }

  @Override
  public void rollBackTransfer(
      RollBackTransferRequest request, StreamObserver<RollBackTransferResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        RollBackTransferResponse.newBuilder().setMessage(answer.as(RollbackAck.class)).build());
  }

  @Override
  public void recoverSession(
      RecoverSessionRequest request, StreamObserver<RecoverSessionResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        RecoverSessionResponse.newBuilder().setMessage(answer.as(RecoverUpdate.class)).build());
  }

  @Override
  public void confirmRecovery(
      ConfirmRecoveryRequest request, StreamObserver<ConfirmRecoveryResponse> observer) {
    OdapMessage answer = receive(request.hasMessage(), request.getMessage());
    Answers.answer(
        observer,
        ConfirmRecoveryResponse.newBuilder().setMessage(answer.as(RecoverAck.class)).build());
  }

  @Override
  public void attestGateway(
      AttestGatewayRequest request, StreamObserver<AttestGatewayResponse> observer) {
    requirePeer();
    FieldChecks checks =
        new FieldChecks()
            .text("session_id", request.getSessionId(), ID_MAX)
            .count("pcr_selection", request.getPcrSelectionCount(), PCRS);
    if (request.getNonce().size() != NONCE_BYTES) {
      checks.invalid("nonce", request.getNonce().size() + " bytes", NONCE_BYTES + " bytes");
    }
    checks.end();
    Answers.answer(
        observer, AttestGatewayResponse.newBuilder().setQuote(machine.quote(request)).build());
  }

  @Override
  public void proveAttestationKey(
      ProveAttestationKeyRequest request, StreamObserver<ProveAttestationKeyResponse> observer) {
    requirePeer();
    FieldChecks checks = new FieldChecks();
    size(checks, "credential_blob", request.getCredentialBlob());
    size(checks, "encrypted_secret", request.getEncryptedSecret());
    checks.end();
    Answers.answer(
        observer,
        ProveAttestationKeyResponse.newBuilder().setSecret(machine.secret(request)).build());
  }

  private static void size(FieldChecks checks, String field, ByteString value) {
    if (value.isEmpty()) {
      checks.missing(field);
    } else if (value.size() > CREDENTIAL_BYTES_MAX) {
      checks.invalid(field, value.size() + " bytes", "at most " + CREDENTIAL_BYTES_MAX + " bytes");
    }
  }

  /** What a machine is, it shows to those it deals with. */
  private void requirePeer() {
    String caller = CurrentCaller.get().identity().uri();
    if (!isPeer.test(caller)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PEER_UNKNOWN, "gateway: " + caller + " is not known here");
    }
  }

  private OdapMessage receive(boolean given, Message message) {
    if (!given) {
      throw OdapException.fieldMissing("message");
    }
    return post.receive(OdapMessage.of(message), CurrentCaller.get());
  }
}
