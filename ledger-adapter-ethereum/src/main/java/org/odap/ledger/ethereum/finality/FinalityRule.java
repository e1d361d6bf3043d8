package org.odap.ledger.ethereum.finality;

import java.util.Optional;
import org.odap.api.common.v1.Finality;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.chain.Chain;

/** When a block counts as final (ODAP 9). */
public sealed interface FinalityRule {
  /** The rule's name in claims. */
  String name();

  /** Whether a block is final on the node's present chain. */
  Finality judge(Chain chain, long blockNumber);

  /** A chain that never takes a block back: QBFT, IBFT 2, or a development node. */
  record Instant() implements FinalityRule {
    @Override
    public String name() {
      return "instant";
    }

    @Override
    public Finality judge(Chain chain, long blockNumber) {
      return answer(this, chain, blockNumber, chain.blockNumber() >= blockNumber);
    }
  }

  /** Final under so many further blocks. */
  record Confirmations(int blocks) implements FinalityRule {
    public Confirmations {
      if (blocks < 1) {
        throw new IllegalArgumentException("value: " + blocks + " (expected: at least 1)");
      }
    }

    @Override
    public String name() {
      return "confirmations";
    }

    @Override
    public Finality judge(Chain chain, long blockNumber) {
      return answer(this, chain, blockNumber, chain.blockNumber() - blockNumber >= blocks);
    }
  }

  /** Final once the chain's own consensus says so, by the node's {@code finalized} tag. */
  record FinalizedTag() implements FinalityRule {
    @Override
    public String name() {
      return "finalized-tag";
    }

    @Override
    public Finality judge(Chain chain, long blockNumber) {
      // A young chain has no finalized block yet.
      Optional<Block> settled = chain.block("finalized");
      boolean isFinal = settled.map(block -> block.number() >= blockNumber).orElse(false);
      return answer(this, chain, blockNumber, isFinal);
    }
  }

  private static Finality answer(
      FinalityRule rule, Chain chain, long blockNumber, boolean isFinal) {
    return Finality.newBuilder()
        .setFinal(isFinal)
        .setRule(rule.name())
        .setConfirmations(Math.max(0, chain.blockNumber() - blockNumber))
        .setNodesAsked(1)
        .build();
  }
}
