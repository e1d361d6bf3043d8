package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * What a step writes to the ledger beside the asset and its accounts (ARCH-1).
 *
 * @param reference hash of what went before; empty for steps that undo
 */
record StepParameters(
    String reference,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String hashCommitFinal,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String remoteDltSystem,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String remoteTransactionId,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String remoteBlockNumber) {

  /** What a step does not have is left out of its JSON. */
  StepParameters {
    hashCommitFinal = Objects.requireNonNullElse(hashCommitFinal, "");
    remoteDltSystem = Objects.requireNonNullElse(remoteDltSystem, "");
    remoteTransactionId = Objects.requireNonNullElse(remoteTransactionId, "");
    remoteBlockNumber = Objects.requireNonNullElse(remoteBlockNumber, "");
  }

  static final StepParameters NONE = referringTo("");

  static StepParameters referringTo(String reference) {
    return new StepParameters(reference, "", "", "", "");
  }

  static StepParameters created(String hashCommitFinal, String reference) {
    return new StepParameters(reference, hashCommitFinal, "", "", "");
  }

  static StepParameters located(
      String reference, String dltSystem, String transactionId, String blockNumber) {
    return new StepParameters(reference, "", dltSystem, transactionId, blockNumber);
  }
}
