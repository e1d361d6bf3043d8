package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** An envelope taken apart: a transaction as a client submitted it. */
record EndorsedTransaction(
    Envelope envelope,
    Header header,
    ChannelHeader channelHeader,
    SignatureHeader signatureHeader,
    ByteString chaincodeProposalPayload,
    ByteString proposalResponsePayload,
    ByteString proposalHash,
    List<Endorsement> endorsements,
    ChaincodeAction action) {

  static EndorsedTransaction parse(ByteString bytes) throws InvalidTransactionException {
    try {
      Envelope envelope = Envelope.parseFrom(bytes);
      Payload payload = Payload.parseFrom(envelope.getPayload());
      Header header = payload.getHeader();
      ChannelHeader channelHeader = ChannelHeader.parseFrom(header.getChannelHeader());
      if (channelHeader.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
        throw new InvalidTransactionException(TxValidationCode.UNKNOWN_TX_TYPE);
      }
      Transaction transaction = Transaction.parseFrom(payload.getData());
      if (transaction.getActionsCount() != 1) {
        throw new InvalidTransactionException(TxValidationCode.INVALID_ENDORSER_TRANSACTION);
      }
      TransactionAction only = transaction.getActions(0);
      ChaincodeActionPayload parts = ChaincodeActionPayload.parseFrom(only.getPayload());
      ByteString response = parts.getAction().getProposalResponsePayload();
      ProposalResponsePayload opened = ProposalResponsePayload.parseFrom(response);
      return new EndorsedTransaction(
          envelope,
          header,
          channelHeader,
          SignatureHeader.parseFrom(header.getSignatureHeader()),
          parts.getChaincodeProposalPayload(),
          response,
          opened.getProposalHash(),
          parts.getAction().getEndorsementsList(),
          ChaincodeAction.parseFrom(opened.getExtension()));
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidTransactionException(TxValidationCode.BAD_PAYLOAD);
    }
  }

  String id() {
    return channelHeader.getTxId();
  }

  String chaincode() {
    return action.getChaincodeId().getName();
  }

  List<NsReadWriteSet> readWriteSets() throws InvalidTransactionException {
    try {
      return TxReadWriteSet.parseFrom(action.getResults()).getNsRwsetList();
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidTransactionException(TxValidationCode.BAD_RWSET);
    }
  }

  /** The event the chaincode emitted, if any. */
  Optional<ChaincodeEvent> event() {
    try {
      return Optional.of(ChaincodeEvent.parseFrom(action.getEvents()))
          .filter(event -> !event.getEventName().isEmpty());
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
