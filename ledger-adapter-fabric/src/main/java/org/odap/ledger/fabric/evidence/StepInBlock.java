package org.odap.ledger.fabric.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HexFormat;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.fabric.assets.Answers;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.assets.StepNames;
import org.odap.ledger.fabric.network.Envelopes;

/**
 * What a transaction in a block did, by the event its chaincode left: the endorsers signed it
 * together with the writes. Claims are read from here both when they are made and when they are
 * checked.
 */
public record StepInBlock(BlockHeader header, Envelopes.Content content) {
  /** A channel's blocks are final at once: one order, by the orderers' consensus. */
  public static final String FINALITY_RULE = "instant";

  /** From this on a chaincode's answer is a failure, whatever event it left. */
  private static final int FAILED = 400;

  /** How sure the ledger is of what is in a block. */
  public static Finality finality() {
    return Finality.newBuilder().setFinal(true).setRule(FINALITY_RULE).setNodesAsked(1).build();
  }

  /** All that is known of a transaction without a block. */
  public static LedgerClaim onItsWay(String dltSystem, String transactionId) {
    return LedgerClaim.newBuilder().setDltSystem(dltSystem).setTransactionId(transactionId).build();
  }

  /** The block's hash as the claim has it. */
  public String blockHash() {
    return HexFormat.of().formatHex(BlockHashes.headerHash(header));
  }

  /** Where and how final it is, without what it did. */
  public LedgerClaim.Builder place(String dltSystem) {
    return LedgerClaim.newBuilder()
        .setDltSystem(dltSystem)
        .setTransactionId(content.transactionId())
        .setBlockNumber(header.getNumber())
        .setBlockHash(blockHash())
        .setFinality(finality());
  }

  /**
   * The claim that can be made of a transfer's step, without proof; empty where the transaction did
   * no such step.
   */
  public Optional<LedgerClaim> claim(String dltSystem, String chaincode) {
    Optional<ChaincodeEvent> event = event(chaincode);
    Optional<LedgerStep> step = event.map(ChaincodeEvent::getEventName).flatMap(StepNames::stepOf);
    Optional<JsonNode> told = event.map(ChaincodeEvent::getPayload).flatMap(StepInBlock::json);
    if (step.isEmpty() || told.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(claim(dltSystem, step.get(), told.get()));
  }

  /** The event of this very transaction and chaincode; an endorser's word is taken for no other. */
  private Optional<ChaincodeEvent> event(String chaincode) {
    try {
      return content
          .event()
          .filter(event -> event.getTxId().equals(content.transactionId()))
          .filter(event -> event.getChaincodeId().equals(chaincode))
          .filter(_ -> content.action().getChaincodeId().getName().equals(chaincode))
          .filter(_ -> content.action().getResponse().getStatus() < FAILED);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private LedgerClaim claim(String dltSystem, LedgerStep step, JsonNode told) {
    boolean isSenders = StepNames.isSendersStep(step);
    LedgerClaim.Builder claim =
        place(dltSystem)
            .setTransferId(told.path("transferId").asText())
            .setStep(step)
            .setReference(told.path("reference").asText());
    AssetChaincode.asset(told)
        .ifPresent(asset ->
            claim
                .setAsset(asset)
                .setAccount(told.path(isSenders ? "owner" : "beneficiary").asText()));
    if (step == LedgerStep.LEDGER_STEP_LOCK) {
      claim.setLockExpiry(told.path("lockExpiry").asLong());
    }
    AssetChaincode.anchor(told.path("anchor").asText()).ifPresent(claim::setLogAnchor);
    return claim.build();
  }

  private static Optional<JsonNode> json(ByteString payload) {
    return Answers.parse(payload.toByteArray()).filter(JsonNode::isObject);
  }
}
