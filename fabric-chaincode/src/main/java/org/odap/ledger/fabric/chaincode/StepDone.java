package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A step that was done.
 *
 * @param timestamp its transaction's timestamp, UNIX milliseconds: the client's claim
 */
record StepDone(
    String transactionId,
    long timestamp,
    String anchor,
    @JsonUnwrapped StepParameters parameters) {}
