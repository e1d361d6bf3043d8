package org.odap.ledger.fabric.assets;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.RecordState;

/** All that the chaincode knows of a transfer: one record for either side, as it told it. */
public record TransferRecord(JsonNode told) {

  /** The transaction that did a step; empty where the step was not done. */
  public Optional<String> transactionOf(LedgerStep step) {
    String id = side(step).path("steps").path(StepNames.of(step)).path("transactionId").asText();
    return id.isEmpty() ? Optional.empty() : Optional.of(id);
  }

  /** The state of the step's side of the transfer. */
  public RecordState stateOf(LedgerStep step) {
    String state = "RECORD_STATE_" + side(step).path("state").asText();
    return Stream.of(RecordState.values())
        .filter(known -> known.name().equals(state))
        .findFirst()
        .orElse(RecordState.RECORD_STATE_UNSPECIFIED);
  }

  private JsonNode side(LedgerStep step) {
    return told.path(StepNames.isSendersStep(step) ? "outgoing" : "incoming");
  }
}
