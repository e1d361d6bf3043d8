package org.odap.ledger.fabric.chaincode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.peer.ChaincodeGrpc;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/** The peer's end of a chaincode service: connects, shakes hands, calls, and serves state. */
final class PeerLink implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CHANNEL = "channel";

  private final BlockingQueue<ChaincodeMessage> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
  private final StreamObserver<ChaincodeMessage> chaincode;
  private final Map<String, ByteString> state = new TreeMap<>();
  private int calls;

  PeerLink(ManagedChannel connection) {
    chaincode =
        ChaincodeGrpc.newStub(connection)
            .connect(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ChaincodeMessage message) {
                    received.add(message);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    broken.add(failure);
                  }

                  @Override
                  public void onCompleted() {
                    broken.add(new IllegalStateException("The chaincode has hung up"));
                  }
                });
  }

  /** Takes the chaincode's registration; answers the package id it registers with. */
  String register() throws InterruptedException, InvalidProtocolBufferException {
    ChaincodeMessage registration = next();
    if (registration.getType() != ChaincodeMessage.Type.REGISTER) {
      throw new IllegalStateException("Not a registration: " + registration);
    }
    send(ChaincodeMessage.newBuilder().setType(ChaincodeMessage.Type.REGISTERED));
    send(ChaincodeMessage.newBuilder().setType(ChaincodeMessage.Type.READY));
    return ChaincodeID.parseFrom(registration.getPayload()).getName();
  }

  /** The failure that ended the connection. */
  Throwable failure() throws InterruptedException {
    Throwable failure = broken.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (failure == null) {
      throw new IllegalStateException("The connection still stands");
    }
    return failure;
  }

  /** What a call ended with: the response, and the event's name where there is one. */
  record Outcome(Response response, String event) {}

  Outcome call(Identity creator, String... arguments)
      throws InterruptedException, InvalidProtocolBufferException {
    String transactionId = "tx" + ++calls;
    ChaincodeInput input =
        ChaincodeInput.newBuilder()
            .addAllArgs(Arrays.stream(arguments).map(ByteString::copyFromUtf8).toList())
            .build();
    send(
        ChaincodeMessage.newBuilder()
            .setType(ChaincodeMessage.Type.TRANSACTION)
            .setTxid(transactionId)
            .setChannelId(CHANNEL)
            .setPayload(input.toByteString())
            .setProposal(proposal(creator, transactionId, input)));
    while (true) {
      ChaincodeMessage message = next();
      switch (message.getType()) {
        case COMPLETED -> {
          return new Outcome(
              Response.parseFrom(message.getPayload()),
              message.hasChaincodeEvent() ? message.getChaincodeEvent().getEventName() : "");
        }
        case GET_STATE -> {
          String key = GetState.parseFrom(message.getPayload()).getKey();
          respond(message, state.getOrDefault(key, ByteString.EMPTY));
        }
        case PUT_STATE -> {
          PutState put = PutState.parseFrom(message.getPayload());
          state.put(put.getKey(), put.getValue());
          respond(message, ByteString.EMPTY);
        }
        default -> throw new IllegalStateException("Not expected: " + message);
      }
    }
  }

  @Override
  public void close() {
    chaincode.onCompleted();
  }

  private void respond(ChaincodeMessage question, ByteString answer) {
    send(
        ChaincodeMessage.newBuilder()
            .setType(ChaincodeMessage.Type.RESPONSE)
            .setTxid(question.getTxid())
            .setChannelId(question.getChannelId())
            .setPayload(answer));
  }

  private void send(ChaincodeMessage.Builder message) {
    chaincode.onNext(message.build());
  }

  private ChaincodeMessage next() throws InterruptedException {
    ChaincodeMessage message = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null) {
      throw new IllegalStateException("The chaincode says nothing", broken.poll());
    }
    return message;
  }

  private static SignedProposal proposal(
      Identity creator, String transactionId, ChaincodeInput input) {
    Instant now = Instant.now();
    ChannelHeader channelHeader =
        ChannelHeader.newBuilder()
            .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
            .setChannelId(CHANNEL)
            .setTxId(transactionId)
            .setExtension(
                ChaincodeHeaderExtension.newBuilder()
                    .setChaincodeId(ChaincodeID.newBuilder().setName("odap"))
                    .build()
                    .toByteString())
            .setTimestamp(
                Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .build();
    SignatureHeader signatureHeader =
        SignatureHeader.newBuilder().setCreator(ByteString.copyFrom(creator.creator())).build();
    ChaincodeInvocationSpec invocation =
        ChaincodeInvocationSpec.newBuilder()
            .setChaincodeSpec(ChaincodeSpec.newBuilder().setInput(input))
            .build();
    Proposal proposal =
        Proposal.newBuilder()
            .setHeader(
                Header.newBuilder()
                    .setChannelHeader(channelHeader.toByteString())
                    .setSignatureHeader(signatureHeader.toByteString())
                    .build()
                    .toByteString())
            .setPayload(
                ChaincodeProposalPayload.newBuilder()
                    .setInput(invocation.toByteString())
                    .build()
                    .toByteString())
            .build();
    return SignedProposal.newBuilder().setProposalBytes(proposal.toByteString()).build();
  }
}
