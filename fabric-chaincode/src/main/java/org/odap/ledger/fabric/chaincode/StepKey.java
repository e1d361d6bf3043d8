package org.odap.ledger.fabric.chaincode;

/**
 * What a step is keyed by, and where in its gateway's log it was ordered.
 *
 * @param anchor empty where the log is not anchored
 */
record StepKey(String transferId, long epoch, String anchor) {}
