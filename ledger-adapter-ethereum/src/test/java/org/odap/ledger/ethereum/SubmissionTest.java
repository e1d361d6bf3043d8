package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.ethereum.step.EthereumLedger;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;
import org.web3j.utils.Numeric;

/** Transactions that wait, get stuck, get lost, or were left behind by a former process. */
@Tag("CARD-5")
final class SubmissionTest {
  private static final Duration STUCK_SOON = Duration.ofMillis(500);

  /** Ten times what a fresh chain asks for: nothing offered before gets into a block. */
  private static final String HIGH_BASE_FEE =
      Numeric.encodeQuantity(BigInteger.valueOf(20_000_000_000L));

  private Anvil anvil;
  private AnvilLedger ledger;
  private Wallet account;

  @BeforeEach
  void start() {
    anvil = Anvil.start();
    ledger =
        new AnvilLedger(
            anvil, AnvilLedger.Options.standard().waitingAtMost(Duration.ofMillis(700)));
    account = ledger.appointed();
  }

  @AfterEach
  void stop() {
    ledger.close();
    anvil.close();
  }

  private static String submitted(StepOutcome outcome) {
    assertThat(outcome.getState())
        .as(outcome.getDescription())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
    assertThat(outcome.getHandle()).startsWith("0x");
    return outcome.getHandle();
  }

  private static String sent(LedgerAdapter adapter, LockRequest request) {
    return submitted(Requests.awaitLock("the lock is sent", adapter, request, _ -> true));
  }

  private LedgerClaim doneByMining(LedgerAdapter adapter, LockRequest request) {
    return Requests.awaitLock(
            "the lock is done",
            adapter,
            request,
            outcome -> {
              anvil.mine(1);
              return Requests.isDone(outcome);
            })
        .getClaim();
  }

  private long nonce(String tag) {
    return anvil.chain().transactionCount(account.address().text(), tag).longValueExact();
  }

  @Test
  void aStepWithoutABlockIsSubmittedAndFoundByItsHandle() {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.stopMining();
    String handle;
    try (EthereumLedger adapter = ledger.adapterOf(account)) {
      handle = sent(adapter, request);
      assertThat(Requests.lockOf(adapter, request, "").getOutcome().getHandle()).isEqualTo(handle);
    }
    // A replica knows nothing but the handle.
    assertThat(submitted(Requests.lockOf(ledger.replica(), request, handle).getOutcome()))
        .isEqualTo(handle);
    LockRequest other = Requests.lockOfAnother(request);
    assertThatThrownBy(() -> Requests.lockOf(ledger.replica(), other, handle))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_STEP_UNKNOWN));

    anvil.mine(1);

    assertThat(
            TransferUnderTest.done(Requests.lockOf(ledger.replica(), request, handle).getOutcome())
                .getTransactionId())
        .isEqualTo(handle);
  }

  @Test
  void aStepIsAnsweredBeforeItsCallersDeadline() throws Exception {
    LockRequest request = Requests.lockOfCash(ledger);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (AnvilLedger patient =
            new AnvilLedger(anvil, AnvilLedger.Options.standard(), ledger.contracts());
        Context.CancellableContext call =
            Context.current().withDeadlineAfter(5, TimeUnit.SECONDS, timer)) {
      anvil.stopMining();
      submitted(call.call(() -> patient.adapter().lock(request)));
      assertThat(call.isCancelled()).isFalse();
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void aStuckTransactionIsReplacedByOneThatOffersMore() {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.stopMining();
    try (EthereumLedger adapter = ledger.adapterOf(account, STUCK_SOON)) {
      String first = sent(adapter, request);
      anvil.chain().ask("anvil_setNextBlockBaseFeePerGas", HIGH_BASE_FEE);
      anvil.mine(1);
      assertThat(anvil.chain().receipt(first)).isEmpty();

      LedgerClaim claim = doneByMining(adapter, request);

      assertThat(claim.getTransactionId()).isNotEqualTo(first);
      assertThat(anvil.chain().knowsTransaction(first)).isFalse();
      assertThat(nonce("latest")).isEqualTo(1);
    }
  }

  @Test
  void aTransactionTheNodeLostIsHandedInAgain() {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.stopMining();
    try (EthereumLedger adapter = ledger.adapterOf(account)) {
      String lost = sent(adapter, request);
      anvil.chain().ask("anvil_dropAllTransactions");

      Await.until("the node knows it again", () -> anvil.chain().knowsTransaction(lost));

      assertThat(doneByMining(adapter, request)).isNotNull();
      assertThat(nonce("latest")).isEqualTo(1);
    }
  }

  @Test
  void aRestartedAdapterGoesOnAfterWhatIsPending() {
    LockRequest before = Requests.lockOfCash(ledger);
    LockRequest after = Requests.lockOfCash(ledger);
    anvil.stopMining();
    try (EthereumLedger former = ledger.adapterOf(account)) {
      sent(former, before);
    }
    try (EthereumLedger restarted = ledger.adapterOf(account)) {
      sent(restarted, after);
      assertThat(nonce("pending")).isEqualTo(2);
      anvil.mine(1);
      Requests.awaitDone(restarted, before);
      Requests.awaitDone(restarted, after);
      assertThat(nonce("latest")).isEqualTo(2);
    }
  }

  @Test
  void aRestartedAdapterFillsAGapInTheNonces() {
    LockRequest first = Requests.lockOfCash(ledger);
    LockRequest second = Requests.lockOfCash(ledger);
    anvil.stopMining();
    String lost;
    try (EthereumLedger former = ledger.adapterOf(account)) {
      lost = sent(former, first);
      sent(former, second);
    }
    anvil.chain().ask("anvil_dropTransaction", lost);
    assertThat(nonce("latest")).isZero();
    try (EthereumLedger restarted = ledger.adapterOf(account)) {
      doneByMining(restarted, first);
      doneByMining(restarted, second);
      assertThat(nonce("latest")).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void whatAFormerProcessLeftStuckDoesNotHoldUpTheAccount() {
    LockRequest former = Requests.lockOfCash(ledger);
    LockRequest next = Requests.lockOfCash(ledger);
    anvil.stopMining();
    String stuck;
    try (EthereumLedger adapter = ledger.adapterOf(account)) {
      stuck = sent(adapter, former);
    }
    anvil.chain().ask("anvil_setNextBlockBaseFeePerGas", HIGH_BASE_FEE);
    anvil.mine(1);
    try (EthereumLedger restarted = ledger.adapterOf(account, STUCK_SOON)) {
      doneByMining(restarted, next);
      doneByMining(restarted, former);
      assertThat(anvil.chain().receipt(stuck)).isEmpty();
    }
  }

  @Test
  void anAccountWithoutEtherIsToldAndNothingIsSent() {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.chain().ask("anvil_setBalance", account.address().text(), Chain.hex(0));
    try (EthereumLedger adapter = ledger.adapterOf(account)) {
      assertUnavailable(() -> adapter.lock(request));
    }
    assertThat(nonce("pending")).isZero();
  }

  @Test
  void aNodeThatGoesDownAfterTheStepWasSentLeavesTheOutcomeUnknown() throws Exception {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.stopMining();
    try (EthereumLedger adapter = ledger.adapterOf(account);
        ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> answer = caller.submit(() -> adapter.lock(request));
      Await.until("the step is sent", () -> nonce("pending") == 1);
      anvil.close();
      assertThatThrownBy(answer::get)
          .cause()
          .isInstanceOfSatisfying(
              OdapException.class,
              e ->
                  assertThat(e.reason())
                      .isEqualTo(ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN));
    }
  }

  @Test
  void aNodeThatIsDownIsUnavailable() {
    LockRequest request = Requests.lockOfCash(ledger);
    anvil.close();
    assertUnavailable(() -> ledger.adapter().lock(request));
    assertUnavailable(() -> Requests.lockOf(ledger.adapter(), request, ""));
    assertUnavailable(() -> ledger.adapter().describe());
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE));
  }
}
