package org.odap.ledger.ethereum.submission;

import java.math.BigInteger;

/**
 * What a transaction offers for a unit of gas (EIP-1559), in wei: at most {@code perGasMax}, of
 * which at most {@code tipMax} to whoever makes the block. Always {@code tipMax <= perGasMax}.
 */
record Fees(BigInteger perGasMax, BigInteger tipMax) {
  /** Nodes replace a transaction only by one that offers at least a tenth more of both. */
  private static final BigInteger BUMP_PERCENT = BigInteger.valueOf(115);

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  Fees {
    tipMax = tipMax.min(perGasMax);
  }

  /** Enough to replace a transaction with these fees, and no less than what is usual now. */
  Fees bumped(Fees usual) {
    return new Fees(raised(perGasMax).max(usual.perGasMax), raised(tipMax).max(usual.tipMax));
  }

  /** Whether both are at least a tenth above the others. */
  boolean canReplace(Fees others) {
    BigInteger tenth = BigInteger.valueOf(110);
    return perGasMax.multiply(HUNDRED).compareTo(others.perGasMax.multiply(tenth)) >= 0
        && tipMax.multiply(HUNDRED).compareTo(others.tipMax.multiply(tenth)) >= 0;
  }

  Fees atMost(BigInteger limit) {
    return new Fees(perGasMax.min(limit), tipMax.min(limit));
  }

  private static BigInteger raised(BigInteger fee) {
    return fee.multiply(BUMP_PERCENT).divide(HUNDRED).add(BigInteger.ONE);
  }
}
