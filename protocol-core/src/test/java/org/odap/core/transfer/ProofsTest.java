package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Role;

/**
 * Claims whose proof does not hold: the asset stays where it is, or waits for a proof that does.
 */
class ProofsTest {
  private static final String HASH_TX = "[0-9a-f]{64}";

  @Test
  @Tag("IT-3")
  void aLockThatIsNotProvedIsRolledBack() {
    TwoGateways gateways = refusing(LedgerStep.LEDGER_STEP_LOCK);
    gateways.run();
    assertThat(gateways.drain()).anyMatch(line -> line.contains("CLAIM_WRONG"));
    assertThat(gateways.ended()).isTrue();
    assertThat(gateways.sender().transfer().state()).isNotEqualTo(SenderState.COMPLETED);
    assertThat(gateways.sender().ledger().holdsAsSource(gateways.now()))
        .isEqualTo(FakeLedger.Holding.FREE);
  }

  @Test
  @Tag("IT-4")
  void nothingIsCreatedForAnExtinctionThatIsNotProved() {
    TwoGateways gateways = refusing(LedgerStep.LEDGER_STEP_FINALIZE_LOCK);
    asksForAProofThatHolds(gateways, "commit_final_claim.proof");
    assertThat(gateways.recipient().ledger().holdsAsDestination())
        .isEqualTo(FakeLedger.Holding.NOTHING);
  }

  @Test
  @Tag("IT-4")
  void aCreationThatIsNotProvedIsNoEnd() {
    TwoGateways gateways = refusing(LedgerStep.LEDGER_STEP_CREATE);
    asksForAProofThatHolds(gateways, "commit_acknowledgement_claim.proof");
    assertThat(gateways.sender().transfer().state()).isNotEqualTo(SenderState.COMPLETED);
  }

  /** After the commit point nobody gives up: the message is sent again and again. */
  private static void asksForAProofThatHolds(TwoGateways gateways, String field) {
    assertThatThrownBy(gateways::run)
        .hasMessageContaining("does not come to rest")
        .hasMessageContaining("CLAIM_WRONG (" + field + ")");
  }

  @Test
  @Tag("IT-3")
  void everyClaimOfThePeerIsLookedAtWithTheHashOfTx() {
    Set<LedgerStep> seen = new HashSet<>();
    TwoGateways gateways =
        ordered((session, claim) -> {
          assertThat(session.hashTx()).matches(HASH_TX);
          seen.add(claim.getStep());
          return Optional.empty();
        });
    gateways.run();
    assertThat(gateways.ended()).isTrue();
    assertThat(seen)
        .containsExactlyInAnyOrder(
            LedgerStep.LEDGER_STEP_LOCK,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            LedgerStep.LEDGER_STEP_CREATE);
  }

  private static TwoGateways refusing(LedgerStep step) {
    return ordered((session, claim) ->
        claim.getStep() == step ? Optional.of("nobody signed it") : Optional.empty());
  }

  private static TwoGateways ordered(ProofVerifier proofs) {
    TwoGateways gateways = new TwoGateways(Bargain.policy(Bargain.Mood.AGREES), proofs);
    gateways.take(Role.SENDER, Bargain.unique());
    return gateways;
  }
}
