package org.odap.ledger.fabric.development.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.odap.ledger.fabric.development.ledger.Hashes;

/** A proposal taken apart: what a client asks to be endorsed or evaluated. */
public record ProposalParts(
    SignedProposal signed,
    Header header,
    ChannelHeader channelHeader,
    SignatureHeader signatureHeader,
    ChaincodeProposalPayload payload,
    ChaincodeInvocationSpec invocation,
    String chaincode) {

  /**
   * Takes a proposal apart.
   *
   * @throws InvalidProtocolBufferException when it is no proposal of a chaincode invocation
   */
  public static ProposalParts parse(SignedProposal signed) throws InvalidProtocolBufferException {
    Proposal proposal = Proposal.parseFrom(signed.getProposalBytes());
    Header header = Header.parseFrom(proposal.getHeader());
    ChannelHeader channelHeader = ChannelHeader.parseFrom(header.getChannelHeader());
    ChaincodeProposalPayload payload = ChaincodeProposalPayload.parseFrom(proposal.getPayload());
    return new ProposalParts(
        signed,
        header,
        channelHeader,
        SignatureHeader.parseFrom(header.getSignatureHeader()),
        payload,
        ChaincodeInvocationSpec.parseFrom(payload.getInput()),
        ChaincodeHeaderExtension.parseFrom(channelHeader.getExtension())
            .getChaincodeId()
            .getName());
  }

  public String channel() {
    return channelHeader.getChannelId();
  }

  public String transactionId() {
    return channelHeader.getTxId();
  }

  /** The function's name and its arguments. */
  public List<ByteString> arguments() {
    return invocation.getChaincodeSpec().getInput().getArgsList();
  }

  /** What an endorsement says it is for. Transient data is not part of it. */
  public ByteString hash() {
    return Hashes.sha256(
        header.getChannelHeader(),
        header.getSignatureHeader(),
        payload.toBuilder().clearTransientMap().build().toByteString());
  }

  /** The time the client claims. */
  Instant timestamp() {
    return Instant.ofEpochSecond(
        channelHeader.getTimestamp().getSeconds(), channelHeader.getTimestamp().getNanos());
  }

  ByteString binding() {
    ByteBuffer epoch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    epoch.putLong(channelHeader.getEpoch()).flip();
    return Hashes.sha256(
        signatureHeader.getNonce(), signatureHeader.getCreator(), ByteString.copyFrom(epoch));
  }
}
