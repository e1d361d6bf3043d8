package org.odap.ledger.ethereum.chain;

import java.math.BigInteger;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A block's header.
 *
 * @param baseFee what a unit of gas costs at least, in wei; empty on chains before EIP-1559
 * @param header the header as the node printed it, without transactions
 */
public record Block(
    long number,
    String hash,
    String parentHash,
    long timestampSeconds,
    Optional<BigInteger> baseFee,
    JsonNode header) {}
