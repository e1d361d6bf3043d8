package org.odap.gateway.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.CommenceTransferRequest;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitPrepare;
import org.odap.api.peer.v1.CompleteTransferRequest;
import org.odap.api.peer.v1.ConfirmRecoveryRequest;
import org.odap.api.peer.v1.FinalizeCommitRequest;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitiateTransferRequest;
import org.odap.api.peer.v1.InitiateTransferResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.api.peer.v1.PreCommit;
import org.odap.api.peer.v1.PreCommitTransferRequest;
import org.odap.api.peer.v1.PrepareCommitRequest;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.RecoverSessionRequest;
import org.odap.api.peer.v1.RecoverSuccess;
import org.odap.api.peer.v1.RollBackTransferRequest;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.peer.v1.ValidateLockEvidenceRequest;
import org.odap.core.envelope.OdapMessage;
import org.odap.edge.JsonChannel;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.CallTracing;

/**
 * One replica of another gateway over mutual TLS (ODAP 5.6), by gRPC or by JSON over HTTP: the
 * messages and their signatures are the same.
 *
 * <p>Mutable: the calls that wait for an answer.
 */
public final class ReplicaLink implements Machine {
  /**
   * Longer than a peer keeps a request that comes too early, so that it answers before we hang up.
   */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Predicate<Duration> connection;
  private final Runnable closing;
  private final PeerServiceGrpc.PeerServiceBlockingStub stub;
  private final Set<Context.CancellableContext> waiting = ConcurrentHashMap.newKeySet();

  private ReplicaLink(Channel channel, Predicate<Duration> connection, Runnable closing) {
    this.connection = connection;
    this.closing = closing;
    this.stub = PeerServiceGrpc.newBlockingStub(channel);
  }

  /** A link over a gRPC channel that checks the peer's identity. */
  public static ReplicaLink overGrpc(ManagedChannel channel) {
    return new ReplicaLink(channel, limit -> connects(channel, limit), channel::shutdown);
  }

  /** A link to the peer's JSON edge. */
  public static ReplicaLink overJson(JsonChannel channel) {
    return new ReplicaLink(
        ClientInterceptors.intercept(channel, CallTracing.CLIENT),
        channel::connects,
        () -> channel.stop(Duration.ZERO));
  }

  /** Ends it, where it is nobody else's: whoever waits for an answer asks again elsewhere. */
  public void close() {
    closing.run();
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @throws OdapException the refusal, or UNAVAILABLE when there was no answer
   */
  OdapMessage send(OdapMessage request) {
    Context.CancellableContext calling = Context.current().withCancellation();
    waiting.add(calling);
    try {
      return OdapMessage.of(OdapErrors.calling(() -> within(calling, request)));
    } catch (IllegalArgumentException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_FIELD_INVALID, "the peer's answer holds no message", e);
    } finally {
      waiting.remove(calling);
      boolean _ = calling.cancel(null);
    }
  }

  @Override
  public Quote quote(AttestGatewayRequest request) {
    return OdapErrors.calling(() -> within(LIMIT).attestGateway(request)).getQuote();
  }

  @Override
  public ByteString secret(ProveAttestationKeyRequest request) {
    return OdapErrors.calling(() -> within(LIMIT).proveAttestationKey(request)).getSecret();
  }

  private PeerServiceGrpc.PeerServiceBlockingStub within(Duration limit) {
    return stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Message within(Context.CancellableContext calling, OdapMessage request) {
    Context before = calling.attach();
    try {
      return call(request);
    } finally {
      calling.detach(before);
    }
  }

  /** Whether there is a connection, or one comes about within the limit. */
  boolean connects(Duration limit) {
    return connection.test(limit);
  }

  private static boolean connects(ManagedChannel channel, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    ConnectivityState state = channel.getState(true);
    while (state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING) {
      CompletableFuture<Void> changed = new CompletableFuture<>();
      channel.notifyWhenStateChanged(state, () -> changed.complete(null));
      try {
        changed.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (ExecutionException | TimeoutException e) {
        return false;
      }
      state = channel.getState(true);
    }
    return state == ConnectivityState.READY;
  }

  /** Waits for answers no longer: another replica has taken over, and will be asked. */
  void hangUp() {
    waiting.forEach(calling -> calling.cancel(null));
  }

  private Message call(OdapMessage request) {
    var peer = within(LIMIT);
    return switch (request.type()) {
      case INITIALIZATION_REQUEST -> {
        InitiateTransferResponse answer =
            peer.initiateTransfer(
                InitiateTransferRequest.newBuilder()
                    .setMessage(request.as(InitializationRequest.class))
                    .build());
        yield answer.hasDenied() ? answer.getDenied() : answer.getResponse();
      }
      case TRANSFER_COMMENCE ->
          peer.commenceTransfer(
                  CommenceTransferRequest.newBuilder()
                      .setMessage(request.as(TransferCommence.class))
                      .build())
              .getMessage();
      case LOCK_EVIDENCE ->
          peer.validateLockEvidence(
                  ValidateLockEvidenceRequest.newBuilder()
                      .setMessage(request.as(LockEvidence.class))
                      .build())
              .getMessage();
      case COMMIT_PREPARE ->
          peer.prepareCommit(
                  PrepareCommitRequest.newBuilder()
                      .setMessage(request.as(CommitPrepare.class))
                      .build())
              .getMessage();
      case PRE_COMMIT ->
          peer.preCommitTransfer(
                  PreCommitTransferRequest.newBuilder()
                      .setMessage(request.as(PreCommit.class))
                      .build())
              .getMessage();
      case COMMIT_FINAL ->
          peer.finalizeCommit(
                  FinalizeCommitRequest.newBuilder()
                      .setMessage(request.as(CommitFinal.class))
                      .build())
              .getMessage();
      case TRANSFER_COMPLETE ->
          peer.completeTransfer(
                  CompleteTransferRequest.newBuilder()
                      .setMessage(request.as(TransferComplete.class))
                      .build())
              .getMessage();
      case ROLLBACK ->
          peer.rollBackTransfer(
                  RollBackTransferRequest.newBuilder()
                      .setMessage(request.as(Rollback.class))
                      .build())
              .getMessage();
      case RECOVER ->
          peer.recoverSession(
                  RecoverSessionRequest.newBuilder().setMessage(request.as(Recover.class)).build())
              .getMessage();
      case RECOVER_SUCCESS ->
          peer.confirmRecovery(
                  ConfirmRecoveryRequest.newBuilder()
                      .setMessage(request.as(RecoverSuccess.class))
                      .build())
              .getMessage();
      default -> throw new IllegalStateException("no request to send: " + request.type());
    };
  }
}
