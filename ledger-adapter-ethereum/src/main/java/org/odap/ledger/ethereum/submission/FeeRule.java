package org.odap.ledger.ethereum.submission;

import java.math.BigInteger;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.chain.Chain;

/**
 * How much the adapter offers for gas.
 *
 * @param tipMin least tip, in wei: what is offered where the node suggests less
 * @param perGasLimit never offers more than this, in wei, however long a transaction is stuck
 */
public record FeeRule(BigInteger tipMin, BigInteger perGasLimit) {
  /** A base fee can rise by an eighth a block: twofold lasts for the next six full blocks. */
  private static final BigInteger BASE_FEE_ROOM = BigInteger.TWO;

  Fees usual(Chain chain) {
    BigInteger baseFee =
        chain
            .block("latest")
            .flatMap(Block::baseFee)
            .orElseThrow(() -> new IllegalStateException("the chain has no base fee (EIP-1559)"));
    BigInteger tip = chain.suggestedPriorityFee().orElse(BigInteger.ZERO).max(tipMin);
    return new Fees(baseFee.multiply(BASE_FEE_ROOM).add(tip), tip).atMost(perGasLimit);
  }
}
