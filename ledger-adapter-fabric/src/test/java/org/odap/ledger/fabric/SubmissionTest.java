package org.odap.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.ledger.fabric.step.FabricLedger;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;

/** Transactions of which nobody can say at first whether they were ordered, and nodes that fail. */
@Tag("CARD-6")
final class SubmissionTest {
  private DevelopmentChannel channel;
  private ChannelLedger ledger;

  @BeforeEach
  void start() {
    channel = DevelopmentChannel.start();
    ledger = new ChannelLedger(channel.file(), ChannelLedger.Options.standard());
    // Classes are asked for once; the faults are to meet the step.
    long _ = ledger.adapter().describe().getLedgerTime();
    TransferUnderTest.done(ledger.adapter().logIncoming(announcement()));
    TransferUnderTest.done(ledger.replica().logIncoming(announcement()));
  }

  @AfterEach
  void stop() {
    ledger.close();
    channel.close();
  }

  private LogIncomingRequest announcement() {
    return LogIncomingRequest.newBuilder()
        .setKey(StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
        .setAsset(units())
        .setBeneficiary(ledger.newAccount())
        .setReference(TransferUnderTest.AGREEMENT)
        .build();
  }

  private Asset units() {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger.fungibleClass())
        .setAmount("40")
        .build();
  }

  private CreateRequest issue(String owner) {
    return CreateRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setAsset(units())
        .setOwner(owner)
        .build();
  }

  private static StepOutcome asked(
      LedgerAdapter adapter, LogIncomingRequest request, String handle) {
    return adapter
        .getStep(
            GetStepRequest.newBuilder()
                .setTransferId(request.getKey().getTransferId())
                .setStep(LedgerStep.LEDGER_STEP_LOG_INCOMING)
                .setHandle(handle)
                .build())
        .getOutcome();
  }

  private static void fails(ThrowingCallable call, ErrorReason reason, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> {
              assertThat(e.reason()).as(e.description()).isEqualTo(reason);
              assertThat(e.description()).contains(words);
            });
  }

  private long resubmitted() {
    return ((FabricLedger) ledger.adapter()).counts().resubmittedCount();
  }

  @Test
  void aTransactionLostByItsOrdererIsHandedInAgain() throws Exception {
    channel.faults().killOrdererAfterNextAcknowledgement();
    LogIncomingRequest request = announcement();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> outcome = threads.submit(() -> ledger.adapter().logIncoming(request));
      Await.until("it is handed in again", () -> resubmitted() > 0);
      channel.faults().restartOrderer();
      TransferUnderTest.done(outcome.get());
    }
  }

  @Test
  void aTransactionThatAFrozenOrdererTookIsNotDoneTwice() throws Exception {
    String owner = ledger.newAccount();
    CreateRequest request = issue(owner);
    channel.faults().freezeOrderer();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> first = threads.submit(() -> ledger.adapter().create(request));
      // Another replica knows nothing of it, and proposes on its own.
      Future<StepOutcome> second = threads.submit(() -> ledger.replica().create(request));
      Await.until("it is handed in again", () -> resubmitted() > 0);
      channel.faults().thawOrderer();
      assertThat(TransferUnderTest.done(first.get()).getTransactionId())
          .isEqualTo(TransferUnderTest.done(second.get()).getTransactionId());
    }
    assertThat(ledger.balance(ledger.fungibleClass(), owner)).isEqualTo(BigInteger.valueOf(40));
  }

  @Test
  void whoCanNotWaitIsToldLaterWhatBecameOfIt() {
    try (ChannelLedger hasty =
        new ChannelLedger(
            channel.file(),
            ChannelLedger.Options.standard().waitingAtMost(Duration.ofSeconds(2)))) {
      LogIncomingRequest request =
          announcement().toBuilder()
              .setAsset(units().toBuilder().setAssetClass(hasty.fungibleClass()))
              .build();
      TransferUnderTest.done(
          hasty
              .adapter()
              .logIncoming(
                  request.toBuilder()
                      .setKey(
                          StepKey.newBuilder()
                              .setTransferId(UUID.randomUUID().toString())
                              .setEpoch(1))
                      .build()));
      channel.faults().killOrderer();

      StepOutcome outcome = hasty.adapter().logIncoming(request);

      assertThat(outcome.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
      assertThat(asked(hasty.adapter(), request, outcome.getHandle()).getState())
          .isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
      // Whoever does not follow it can only say that the ledger has nothing of it.
      fails(
          () -> asked(hasty.replica(), request, outcome.getHandle()),
          ErrorReason.ERROR_REASON_STEP_UNKNOWN,
          "does no harm");

      channel.faults().restartOrderer();
      Await.until(
          "the step is done",
          () ->
              asked(hasty.adapter(), request, outcome.getHandle()).getState()
                  == SubmissionState.SUBMISSION_STATE_DONE);
      assertThat(TransferUnderTest.done(asked(hasty.replica(), request, "")).getTransactionId())
          .isEqualTo(outcome.getHandle());
    }
  }

  @Test
  void aPeerThatRestartsAfterTheSubmissionIsAskedAgain() throws Exception {
    channel.faults().freezeOrderer();
    LogIncomingRequest request = announcement();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> outcome = threads.submit(() -> ledger.adapter().logIncoming(request));
      Await.until("it is handed in again", () -> resubmitted() > 0);
      channel.faults().stopPeer();
      channel.faults().thawOrderer();
      channel.faults().restartPeer();
      TransferUnderTest.done(outcome.get());
    }
  }

  @Test
  void aChaincodeThatIsDownIsTriedAgainAndThenUnavailable() {
    channel.faults().stopChaincode("odap");
    fails(
        () -> ledger.adapter().logIncoming(announcement()),
        ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
        "chaincode is not running");
    channel.faults().restartChaincode("odap");
    TransferUnderTest.done(ledger.adapter().logIncoming(announcement()));
  }

  @Test
  void anotherOrganizationsPeerThatIsDownIsTriedAgainAndThenUnavailable() {
    channel.faults().stopPeerOf(DevelopmentChannel.SECOND, false);
    fails(
        () -> ledger.adapter().logIncoming(announcement()),
        ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
        "peer");
    channel.faults().stopPeerOf(DevelopmentChannel.SECOND, true);
    fails(
        () -> ledger.adapter().logIncoming(announcement()),
        ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
        "peers are up");
    channel.faults().restartPeerOf(DevelopmentChannel.SECOND);
    TransferUnderTest.done(ledger.adapter().logIncoming(announcement()));
  }

  @Test
  void aPeerThatIsDownIsUnavailableAndThenThereAgain() throws Exception {
    channel.faults().stopPeer();
    fails(
        () -> ledger.adapter().logIncoming(announcement()),
        ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
        "can't be reached");
    channel.faults().restartPeer();
    LogIncomingRequest request = announcement();
    Await.until("the connection is there again", () -> isAnswered(request));
    TransferUnderTest.done(ledger.adapter().logIncoming(request));
  }

  private boolean isAnswered(LogIncomingRequest request) {
    try {
      return ledger.adapter().logIncoming(request).getState()
          == SubmissionState.SUBMISSION_STATE_DONE;
    } catch (OdapException e) {
      return false;
    }
  }

  @Test
  void anIdentityWithoutTheRoleIsToldSoAndMayBeginNothing() {
    try (FabricLedger other = ledger.adapterOf(ledger.newIdentity("somebody"))) {
      StepOutcome outcome = other.logIncoming(announcement());
      TransferUnderTest.refused(outcome, ErrorReason.ERROR_REASON_LEDGER_REFUSED);
      assertThat(outcome.getDescription()).contains("PERMISSION_DENIED");
    }
  }
}
