package org.odap.ledger.fabric.development.gateway;

import static org.odap.ledger.fabric.development.gateway.GatewayErrors.detail;
import static org.odap.ledger.fabric.development.gateway.GatewayErrors.error;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SubmitRequest;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.hyperledger.fabric.protos.orderer.SeekPosition;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.odap.ledger.fabric.development.endorsement.ChainQueries;
import org.odap.ledger.fabric.development.endorsement.Endorser;
import org.odap.ledger.fabric.development.endorsement.EndorserException;
import org.odap.ledger.fabric.development.ledger.EndorsementPolicy;
import org.odap.ledger.fabric.development.ledger.Ledger;
import org.odap.ledger.fabric.development.ledger.TransactionPlace;
import org.odap.ledger.fabric.development.membership.AccessDeniedException;
import org.odap.ledger.fabric.development.membership.Membership;
import org.odap.ledger.fabric.development.ordering.Orderer;
import org.odap.ledger.fabric.development.simulation.ProposalParts;
import org.odap.ledger.fabric.development.simulation.Simulator;

/** The gateway service of a peer, as clients of Fabric 2.4 and later call it. */
public final class GatewayEndpoint extends GatewayGrpc.GatewayImplBase {
  private final Channel channel;

  /**
   * What the gateway stands in front of.
   *
   * @param endorsers one per organization, the gateway's own first
   */
  public record Channel(
      String name,
      Membership membership,
      EndorsementPolicy policy,
      List<Endorser> endorsers,
      Simulator simulator,
      Orderer orderer,
      OrdererAddress ordererAddress,
      Ledger ledger) {

    public Channel {
      endorsers = List.copyOf(endorsers);
    }
  }

  /** The orderer as it is called in error details. */
  public record OrdererAddress(String address, String mspId) {}

  public GatewayEndpoint(Channel channel) {
    this.channel = channel;
  }

  @Override
  public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> client) {
    answer(client, () -> evaluate(request));
  }

  private EvaluateResponse evaluate(EvaluateRequest request) {
    ProposalParts proposal =
        parts(request.getProposedTransaction(), "failed to unpack transaction proposal: ");
    if (!proposal.channel().equals(channel.name())) {
      throw error(
          Code.UNAVAILABLE,
          "failed to get config for channel ["
              + proposal.channel()
              + "]: could not get channel config");
    }
    List<String> targets = request.getTargetOrganizationsList();
    List<Endorser> evaluators =
        channel.endorsers().stream()
            .filter(endorser -> endorser.reach() != Endorser.Reach.GONE)
            .filter(endorser -> targets.isEmpty() || targets.contains(endorser.mspId()))
            .toList();
    if (!isKnown(proposal.chaincode()) || evaluators.isEmpty()) {
      throw error(
          Code.FAILED_PRECONDITION,
          "no peers available to evaluate chaincode "
              + proposal.chaincode()
              + " in channel "
              + channel.name());
    }
    return evaluate(proposal, evaluators);
  }

  private static EvaluateResponse evaluate(ProposalParts proposal, List<Endorser> evaluators) {
    List<ErrorDetail> details = new ArrayList<>();
    Code code = Code.UNAVAILABLE;
    for (Endorser evaluator : evaluators) {
      try {
        return EvaluateResponse.newBuilder()
            .setResult(evaluator.endorse(proposal).getResponse())
            .build();
      } catch (EndorserException e) {
        details.add(detail(evaluator, e.getMessage()));
        code = code(e);
        if (code == Code.FAILED_PRECONDITION || code == Code.UNKNOWN) {
          // Another peer would say the same.
          throw error(code, "evaluate call to endorser returned error: " + e.getMessage(), details);
        }
      }
    }
    throw error(
        code, "failed to evaluate transaction, see attached details for more info", details);
  }

  private static Code code(EndorserException e) {
    return switch (e.blame()) {
      case PROPOSAL -> Code.FAILED_PRECONDITION;
      case PEER -> Code.ABORTED;
      case CHAINCODE -> Code.UNKNOWN;
      case UNREACHABLE -> Code.UNAVAILABLE;
    };
  }

  @Override
  public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> client) {
    answer(client, () -> endorse(request));
  }

  private EndorseResponse endorse(EndorseRequest request) {
    ProposalParts proposal = parts(request.getProposedTransaction(), "");
    List<String> wanted = request.getEndorsingOrganizationsList();
    if (!proposal.channel().equals(channel.name())
        || !channel.simulator().isInstalled(proposal.chaincode())) {
      throw wanted.isEmpty()
          ? error(
              Code.FAILED_PRECONDITION,
              "no combination of peers can be derived which satisfy the endorsement policy: No"
                  + " metadata was found for chaincode "
                  + proposal.chaincode()
                  + " in channel "
                  + proposal.channel())
          : error(
              Code.UNAVAILABLE,
              "failed to find any endorsing peers for org(s): " + String.join(", ", wanted));
    }
    EndorsementPlan plan = new EndorsementPlan(channel.endorsers(), channel.policy(), proposal);
    ChaincodeEndorsedAction action =
        wanted.isEmpty() ? plan.byPolicy() : plan.byOrganizations(wanted);
    return EndorseResponse.newBuilder().setPreparedTransaction(envelope(proposal, action)).build();
  }

  private static Envelope envelope(ProposalParts proposal, ChaincodeEndorsedAction action) {
    ChaincodeActionPayload payload =
        ChaincodeActionPayload.newBuilder()
            .setChaincodeProposalPayload(
                proposal.payload().toBuilder().clearTransientMap().build().toByteString())
            .setAction(action)
            .build();
    Transaction transaction =
        Transaction.newBuilder()
            .addActions(
                TransactionAction.newBuilder()
                    .setHeader(proposal.header().getSignatureHeader())
                    .setPayload(payload.toByteString()))
            .build();
    return Envelope.newBuilder()
        .setPayload(
            Payload.newBuilder()
                .setHeader(proposal.header())
                .setData(transaction.toByteString())
                .build()
                .toByteString())
        .build();
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> client) {
    if (request.getPreparedTransaction().getSignature().isEmpty()) {
      client.onError(error(Code.INVALID_ARGUMENT, "prepared transaction must be signed"));
      return;
    }
    if (!request.getChannelId().equals(channel.name())) {
      client.onError(
          error(
              Code.FAILED_PRECONDITION,
              "failed to get config for channel [" + request.getChannelId() + "]"));
      return;
    }
    new Broadcast(channel.orderer(), channel.ordererAddress(), watched(client))
        .send(request.getPreparedTransaction());
  }

  @Override
  public void commitStatus(
      SignedCommitStatusRequest signed, StreamObserver<CommitStatusResponse> client) {
    CommitStatusRequest request;
    try {
      request = CommitStatusRequest.parseFrom(signed.getRequest());
      checkReader(
          request.getChannelId(),
          request.getIdentity(),
          signed.getRequest(),
          signed.getSignature());
    } catch (InvalidProtocolBufferException e) {
      client.onError(error(Code.INVALID_ARGUMENT, "invalid status request: " + e.getMessage()));
      return;
    } catch (StatusRuntimeException e) {
      client.onError(e);
      return;
    }
    if (request.getTransactionId().isEmpty()) {
      client.onError(error(Code.INVALID_ARGUMENT, "transaction ID should not be empty"));
      return;
    }
    ServerCallStreamObserver<CommitStatusResponse> watched = watched(client);
    CompletableFuture<TransactionPlace> place = channel.ledger().await(request.getTransactionId());
    // Completed by a commit, if ever: the client's deadline ends the call before.
    var _ =
        place.thenAccept(found -> {
          synchronized (watched) {
            if (!watched.isCancelled()) {
              watched.onNext(
                  CommitStatusResponse.newBuilder()
                      .setResult(found.code())
                      .setBlockNumber(found.block())
                      .build());
              watched.onCompleted();
            }
          }
        });
  }

  @Override
  public void chaincodeEvents(
      SignedChaincodeEventsRequest signed, StreamObserver<ChaincodeEventsResponse> client) {
    try {
      ChaincodeEventsRequest request = ChaincodeEventsRequest.parseFrom(signed.getRequest());
      checkReader(
          request.getChannelId(),
          request.getIdentity(),
          signed.getRequest(),
          signed.getSignature());
      long start = start(request);
      // A thread of its own: the call's own has to be free to hear that the client went away.
      Thread.ofVirtual()
          .name("chaincode-events")
          .start(
              Context.current()
                  .wrap(
                      new ChaincodeEventStream(
                          channel.ledger(),
                          start,
                          request,
                          (ServerCallStreamObserver<ChaincodeEventsResponse>) client)));
    } catch (InvalidProtocolBufferException e) {
      client.onError(
          error(Code.INVALID_ARGUMENT, "invalid chaincode events request: " + e.getMessage()));
    } catch (StatusRuntimeException e) {
      client.onError(e);
    }
  }

  private long start(ChaincodeEventsRequest request) {
    if (!request.getAfterTransactionId().isEmpty()) {
      var place = channel.ledger().transaction(request.getAfterTransactionId());
      if (place.isPresent()) {
        return place.get().block();
      }
    }
    SeekPosition position = request.getStartPosition();
    return switch (position.getTypeCase()) {
      case SPECIFIED -> position.getSpecified().getNumber();
      case NEXT_COMMIT, TYPE_NOT_SET -> channel.ledger().height();
      case OLDEST, NEWEST ->
          throw error(
              Code.INVALID_ARGUMENT, "invalid start position type: " + position.getTypeCase());
    };
  }

  private void checkReader(
      String name, ByteString identity, ByteString message, ByteString signature) {
    if (!name.equals(channel.name())) {
      throw error(Code.PERMISSION_DENIED, "channel [" + name + "] not found");
    }
    try {
      channel.membership().member(identity).verify(message, signature);
    } catch (AccessDeniedException e) {
      throw error(
          Code.PERMISSION_DENIED,
          "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy"
              + " requires 1 of the 'Readers' sub-policies to be satisfied");
    }
  }

  private boolean isKnown(String chaincode) {
    return chaincode.equals(ChainQueries.NAME) || channel.simulator().isInstalled(chaincode);
  }

  private static ProposalParts parts(SignedProposal proposal, String prefix) {
    try {
      return ProposalParts.parse(proposal);
    } catch (InvalidProtocolBufferException e) {
      throw error(Code.INVALID_ARGUMENT, prefix + e.getMessage());
    }
  }

  /** The observer of a call that may be answered after its client has gone. */
  private static <T> ServerCallStreamObserver<T> watched(StreamObserver<T> client) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) client;
    call.setOnCancelHandler(() -> {});
    return call;
  }

  private static <T> void answer(StreamObserver<T> client, Supplier<T> work) {
    T answer;
    try {
      answer = work.get();
    } catch (StatusRuntimeException e) {
      client.onError(e);
      return;
    }
    client.onNext(answer);
    client.onCompleted();
  }
}
