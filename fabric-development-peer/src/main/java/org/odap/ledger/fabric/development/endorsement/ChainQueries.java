package org.odap.ledger.fabric.development.endorsement;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.Response;
import org.odap.ledger.fabric.development.ledger.Ledger;
import org.odap.ledger.fabric.development.ledger.TransactionPlace;
import org.odap.ledger.fabric.development.simulation.ProposalParts;
import org.odap.ledger.fabric.development.simulation.SimulationResult;

/** The system chaincode that answers questions about the chain. */
public final class ChainQueries {
  /** The name clients call it by. */
  public static final String NAME = "qscc";

  private static final int OK = 200;
  private static final int ERROR = 500;

  private final String channel;
  private final Ledger ledger;

  public ChainQueries(String channel, Ledger ledger) {
    this.channel = channel;
    this.ledger = ledger;
  }

  SimulationResult answer(ProposalParts proposal) {
    Response response =
        answer(proposal.arguments().stream().map(ByteString::toStringUtf8).toList());
    return new SimulationResult(response, TxReadWriteSet.getDefaultInstance(), Optional.empty());
  }

  private Response answer(List<String> arguments) {
    if (arguments.size() < 2) {
      return error("Incorrect number of arguments, " + arguments.size());
    }
    String function = arguments.get(0);
    if (!arguments.get(1).equals(channel)) {
      return error("Invalid chain ID, " + arguments.get(1));
    }
    if (function.equals("GetChainInfo")) {
      return success(ledger.info());
    }
    if (arguments.size() < 3) {
      return error("missing 3rd argument for " + function);
    }
    String argument = arguments.get(2);
    return switch (function) {
      case "GetBlockByNumber" -> blockByNumber(argument);
      case "GetBlockByTxID" ->
          ledger
              .transaction(argument)
              .flatMap(place -> ledger.block(place.block()))
              .map(ChainQueries::success)
              .orElseGet(() ->
                  error(
                      "Failed to get block for txID "
                          + argument
                          + ", error no such transaction ID ["
                          + argument
                          + "] in index"));
      case "GetTransactionByID" ->
          ledger
              .transaction(argument)
              .map(this::transaction)
              .orElseGet(() ->
                  error(
                      "Failed to get transaction with id "
                          + argument
                          + ", error no such transaction ID ["
                          + argument
                          + "] in index"));
      default -> error("Requested function " + function + " not found.");
    };
  }

  private Response blockByNumber(String argument) {
    try {
      long number = Long.parseLong(argument);
      return ledger
          .block(number)
          .map(ChainQueries::success)
          .orElseGet(() ->
              error(
                  "Failed to get block number "
                      + number
                      + ", error no such block number ["
                      + number
                      + "] in index"));
    } catch (NumberFormatException e) {
      return error("Failed to parse block number with error " + e.getMessage());
    }
  }

  private Response transaction(TransactionPlace place) {
    Block block = ledger.block(place.block()).orElseThrow();
    try {
      return success(
          ProcessedTransaction.newBuilder()
              .setTransactionEnvelope(Envelope.parseFrom(block.getData().getData(place.index())))
              .setValidationCode(place.code().getNumber())
              .build());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what has an id in the index is an envelope", e);
    }
  }

  private static Response success(MessageLite answer) {
    return Response.newBuilder().setStatus(OK).setPayload(answer.toByteString()).build();
  }

  private static Response error(String message) {
    return Response.newBuilder().setStatus(ERROR).setMessage(message).build();
  }
}
