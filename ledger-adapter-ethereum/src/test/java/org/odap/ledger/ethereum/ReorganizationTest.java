package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.ledger.ethereum.step.EthereumLedger;

/** A chain that takes blocks back before they are final: noticed, and the step repeated. */
@Tag("CARD-5")
final class ReorganizationTest {
  private static final int CONFIRMATIONS = 3;

  private Anvil anvil;
  private AnvilLedger ledger;

  @BeforeEach
  void start() {
    anvil = Anvil.start();
    ledger =
        new AnvilLedger(
            anvil,
            AnvilLedger.Options.standard()
                .with(new FinalityRule.Confirmations(CONFIRMATIONS))
                .waitingAtMost(Duration.ofMillis(500)));
  }

  @AfterEach
  void stop() {
    ledger.close();
    anvil.close();
  }

  /** How the lock stands once it has its block. */
  private StepOutcome inABlock(LockRequest request) {
    return Requests.awaitLock(
        "the lock is in a block",
        ledger.adapter(),
        request,
        outcome -> !outcome.getClaim().getBlockHash().isEmpty());
  }

  private LedgerClaim finalClaim(LockRequest request) {
    return Requests.awaitLock(
            "the lock is final",
            ledger.adapter(),
            request,
            outcome -> {
              anvil.mine(1);
              return Requests.isDone(outcome);
            })
        .getClaim();
  }

  @Test
  void aStepIsDoneOnlyUnderItsConfirmations() {
    LockRequest request = Requests.lockOfCash(ledger);
    StepOutcome first = inABlock(request);
    assertThat(first.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
    assertThat(first.getHandle()).isEqualTo(first.getClaim().getTransactionId());
    assertThat(first.getClaim().getFinality().getFinal()).isFalse();
    assertThat(first.getClaim().getProof()).isEmpty();

    anvil.mine(CONFIRMATIONS - 1);
    assertThat(
            Requests.lockOf(ledger.adapter(), request, first.getHandle()).getOutcome().getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
    anvil.mine(1);

    LedgerClaim claim = Requests.awaitDone(ledger.adapter(), request);
    assertThat(claim.getTransactionId()).isEqualTo(first.getHandle());
    assertThat(claim.getFinality().getConfirmations()).isEqualTo(CONFIRMATIONS);
  }

  @Test
  void aStepThatTheChainTookBackIsRepeated() {
    LockRequest request = Requests.lockOfCash(ledger);
    StepOutcome first = inABlock(request);
    assertThat(first.getClaim().getBlockHash()).isNotEmpty();

    // Another block, without the step, takes the place of the one that had it.
    anvil.chain().ask("anvil_reorg", 1, List.of());
    assertThat(anvil.chain().block(first.getClaim().getBlockNumber()).orElseThrow().hash())
        .isNotEqualTo(first.getClaim().getBlockHash());

    LedgerClaim claim = finalClaim(request);
    assertThat(((EthereumLedger) ledger.adapter()).takenBackCount()).isEqualTo(1);
    assertThat(claim.getBlockHash()).isNotEqualTo(first.getClaim().getBlockHash());
    assertThat(anvil.chain().block(claim.getBlockNumber()).orElseThrow().hash())
        .isEqualTo(claim.getBlockHash());
    assertThat(Requests.lockOf(ledger.adapter(), request, "").getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_LOCKED);
    assertThat(ledger.balance(ledger.fungibleClass(), ledger.contracts().escrow().text()))
        .isEqualTo(BigInteger.valueOf(40));
  }

  @Test
  void aClaimOfABlockThatWasTakenBackIsNotVerified() {
    LockRequest request = Requests.lockOfCash(ledger);
    inABlock(request);
    LedgerClaim claim = finalClaim(request);
    assertThat(ledger.adapter().verifyEvidence(claim)).hasSize(3);

    // Deeper than the rule allows for: what was claimed is no longer so.
    long depth = anvil.chain().blockNumber() - claim.getBlockNumber() + 1;
    anvil.chain().ask("anvil_reorg", depth, List.of());

    assertThatThrownBy(() -> ledger.adapter().verifyEvidence(claim))
        .hasMessageContaining("not on the chain");
  }
}
