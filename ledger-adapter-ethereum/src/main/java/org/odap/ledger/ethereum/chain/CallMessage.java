package org.odap.ledger.ethereum.chain;

/** A message to a contract as eth_call and eth_estimateGas take it. */
public record CallMessage(String from, String to, String data) {}
