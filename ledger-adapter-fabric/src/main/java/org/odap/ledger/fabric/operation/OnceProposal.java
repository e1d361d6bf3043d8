package org.odap.ledger.fabric.operation;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;

/**
 * A proposal whose transaction id follows from the caller's request id. Fabric takes no two
 * transactions of one id, so the ledger itself sees to it that a chaincode which knows nothing of
 * requests does each of them once.
 */
final class OnceProposal {
  private static final int NONCE_BYTES = 24;

  private OnceProposal() {}

  /** The id of a request's transaction; each attempt has its own. */
  static String transactionId(Peer peer, String requestId, int attempt) {
    MessageDigest digest = sha256();
    digest.update(nonce(requestId, attempt));
    digest.update(peer.creator());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The proposal, yet to be signed, as the client library keeps one. */
  static byte[] bytes(Peer peer, String requestId, int attempt, Invocation invocation) {
    ChaincodeID chaincode = ChaincodeID.newBuilder().setName(invocation.chaincode()).build();
    String transactionId = transactionId(peer, requestId, attempt);
    Instant now = Instant.now();
    ChannelHeader channel =
        ChannelHeader.newBuilder()
            .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
            .setTxId(transactionId)
            .setTimestamp(
                Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .setChannelId(peer.channelName())
            .setExtension(
                ChaincodeHeaderExtension.newBuilder()
                    .setChaincodeId(chaincode)
                    .build()
                    .toByteString())
            .build();
    SignatureHeader signature =
        SignatureHeader.newBuilder()
            .setCreator(ByteString.copyFrom(peer.creator()))
            .setNonce(ByteString.copyFrom(nonce(requestId, attempt)))
            .build();
    Header header =
        Header.newBuilder()
            .setChannelHeader(channel.toByteString())
            .setSignatureHeader(signature.toByteString())
            .build();
    ChaincodeSpec call =
        ChaincodeSpec.newBuilder()
            .setType(ChaincodeSpec.Type.NODE)
            .setChaincodeId(chaincode)
            .setInput(input(invocation))
            .build();
    ChaincodeProposalPayload payload =
        ChaincodeProposalPayload.newBuilder()
            .setInput(
                ChaincodeInvocationSpec.newBuilder().setChaincodeSpec(call).build().toByteString())
            .build();
    Proposal proposal =
        Proposal.newBuilder()
            .setHeader(header.toByteString())
            .setPayload(payload.toByteString())
            .build();
    return ProposedTransaction.newBuilder()
        .setTransactionId(transactionId)
        .setProposal(SignedProposal.newBuilder().setProposalBytes(proposal.toByteString()))
        .addAllEndorsingOrganizations(peer.endorsingOrganizations())
        .build()
        .toByteArray();
  }

  /** Function and arguments as the peer hands them to the chaincode. */
  static ChaincodeInput input(Invocation invocation) {
    ChaincodeInput.Builder input =
        ChaincodeInput.newBuilder().addArgs(ByteString.copyFromUtf8(invocation.function()));
    invocation.arguments().forEach(text -> input.addArgs(ByteString.copyFromUtf8(text)));
    return input.build();
  }

  private static byte[] nonce(String requestId, int attempt) {
    MessageDigest digest = sha256();
    digest.update("odap request ".getBytes(StandardCharsets.US_ASCII));
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, attempt));
    digest.update(requestId.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(digest.digest(), NONCE_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
