package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.finality.FinalityRule;

@Tag("CARD-5")
final class FinalityRuleTest {
  private static Anvil anvil;

  @BeforeAll
  static void start() {
    // Two epochs of two blocks until a block is finalized.
    anvil = Anvil.start("--slots-in-an-epoch", "2");
    anvil.mine(10);
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  private static boolean isFinal(FinalityRule rule, long block) {
    assertThat(rule.judge(anvil.chain(), block).getRule()).isEqualTo(rule.name());
    return rule.judge(anvil.chain(), block).getFinal();
  }

  @Test
  void instantIsFinalAsSoonAsThereIsABlock() {
    long head = anvil.chain().blockNumber();
    assertThat(isFinal(new FinalityRule.Instant(), head)).isTrue();
    assertThat(isFinal(new FinalityRule.Instant(), head + 1)).isFalse();
  }

  @Test
  void confirmationsAreBlocksOnTop() {
    long head = anvil.chain().blockNumber();
    FinalityRule rule = new FinalityRule.Confirmations(3);
    assertThat(isFinal(rule, head - 3)).isTrue();
    assertThat(isFinal(rule, head - 2)).isFalse();
    assertThat(rule.judge(anvil.chain(), head - 2).getConfirmations()).isEqualTo(2);
  }

  @Test
  void theTagIsTheChainsOwnWord() {
    Block finalized = anvil.chain().block("finalized").orElseThrow();
    assertThat(finalized.number()).isPositive().isLessThan(anvil.chain().blockNumber());
    FinalityRule rule = new FinalityRule.FinalizedTag();
    assertThat(isFinal(rule, finalized.number())).isTrue();
    assertThat(isFinal(rule, finalized.number() + 1)).isFalse();
  }
}
