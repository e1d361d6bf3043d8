package org.odap.ledger.fabric.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/** Reads transactions as blocks hold them: messages in messages. */
public final class Envelopes {
  /**
   * An endorsed call of a chaincode.
   *
   * @param proposalPayload what was proposed, as the endorsers hashed it
   * @param responsePayload what they signed
   */
  public record Content(
      ByteString channelHeaderBytes,
      ByteString signatureHeaderBytes,
      ChannelHeader channelHeader,
      SignatureHeader signatureHeader,
      ByteString proposalPayload,
      ByteString responsePayload,
      ByteString proposalHash,
      ChaincodeAction action,
      List<Endorsement> endorsements) {

    /** The transaction's id, as its header has it. */
    public String transactionId() {
      return channelHeader.getTxId();
    }

    /** The event it left, if it left one. */
    public Optional<ChaincodeEvent> event() throws InvalidProtocolBufferException {
      return action.getEvents().isEmpty()
          ? Optional.empty()
          : Optional.of(ChaincodeEvent.parseFrom(action.getEvents()));
    }

    /** Function and arguments of the call. */
    public ChaincodeInput input() throws InvalidProtocolBufferException {
      return ChaincodeInvocationSpec.parseFrom(
              ChaincodeProposalPayload.parseFrom(proposalPayload).getInput())
          .getChaincodeSpec()
          .getInput();
    }

    /** Whether any key is written. */
    public boolean writesAnything() {
      try {
        for (NsReadWriteSet set : TxReadWriteSet.parseFrom(action.getResults()).getNsRwsetList()) {
          KVRWSet keys = KVRWSet.parseFrom(set.getRwset());
          if (keys.getWritesCount() > 0
              || keys.getMetadataWritesCount() > 0
              || set.getCollectionHashedRwsetCount() > 0) {
            return true;
          }
        }
        return false;
      } catch (InvalidProtocolBufferException e) {
        throw new PeerException("the peer answered with an unreadable read-write set", e);
      }
    }
  }

  private Envelopes() {}

  /** The id of a transaction; empty where the envelope holds something else. */
  public static Optional<String> transactionId(Envelope envelope) {
    try {
      ChannelHeader header =
          ChannelHeader.parseFrom(
              Payload.parseFrom(envelope.getPayload()).getHeader().getChannelHeader());
      return header.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE
          ? Optional.of(header.getTxId())
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** The id of a transaction as a block holds it; empty where it holds something else. */
  static Optional<String> transactionId(ByteString envelope) {
    try {
      return transactionId(Envelope.parseFrom(envelope));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** The call an envelope holds; throws where it holds none. */
  public static Content read(Envelope envelope) throws InvalidProtocolBufferException {
    Payload payload = Payload.parseFrom(envelope.getPayload());
    Transaction transaction = Transaction.parseFrom(payload.getData());
    // Fabric itself takes exactly one.
    if (transaction.getActionsCount() != 1) {
      throw new InvalidProtocolBufferException("not one action: " + transaction.getActionsCount());
    }
    TransactionAction action = transaction.getActions(0);
    ChaincodeActionPayload call = ChaincodeActionPayload.parseFrom(action.getPayload());
    ByteString response = call.getAction().getProposalResponsePayload();
    ProposalResponsePayload endorsed = ProposalResponsePayload.parseFrom(response);
    ByteString channelHeader = payload.getHeader().getChannelHeader();
    ByteString signatureHeader = payload.getHeader().getSignatureHeader();
    return new Content(
        channelHeader,
        signatureHeader,
        ChannelHeader.parseFrom(channelHeader),
        SignatureHeader.parseFrom(signatureHeader),
        call.getChaincodeProposalPayload(),
        response,
        endorsed.getProposalHash(),
        ChaincodeAction.parseFrom(endorsed.getExtension()),
        call.getAction().getEndorsementsList());
  }
}
