package org.odap.gateway.peer;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
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
import org.odap.runtime.rpc.OdapException;

/** The endpoints of ODAP 6 to 8 over gRPC. */
public final class PeerEndpoint extends PeerServiceGrpc.PeerServiceImplBase {
  private final Post post;

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

  /** Endpoints that hand their requests on. */
  public PeerEndpoint(Post post) {
    this.post = post;
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

  private OdapMessage receive(boolean given, Message message) {
    if (!given) {
      throw OdapException.fieldMissing("message");
    }
    return post.receive(OdapMessage.of(message), CurrentCaller.get());
  }
}
