package org.odap.runtime.ledger.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.References;

/** One transfer's steps on a ledger, each awaited until it is final or refused. */
public final class TransferUnderTest {
  private static final Duration FINAL_WITHIN = Duration.ofSeconds(60);

  /** Hash of the transfer's TransferCommence. */
  public static final String AGREEMENT = References.sha256(new byte[] {1});

  /** Hash of the transfer's CommitFinal. */
  public static final String COMMIT_FINAL = References.sha256(new byte[] {2});

  private final LedgerUnderTest ledger;
  private final LedgerAdapter adapter;
  private final String id;
  private final long epoch;
  private final Optional<LogAnchor> anchor;

  private TransferUnderTest(
      LedgerUnderTest ledger,
      LedgerAdapter adapter,
      String id,
      long epoch,
      Optional<LogAnchor> anchor) {
    this.anchor = anchor;
    this.ledger = ledger;
    this.adapter = adapter;
    this.id = id;
    this.epoch = epoch;
  }

  /** A transfer that no ledger has heard of. */
  public static TransferUnderTest fresh(LedgerUnderTest ledger) {
    return new TransferUnderTest(
        ledger, ledger.adapter(), UUID.randomUUID().toString(), 5, Optional.empty());
  }

  /** The same transfer, driven by the holder of another lease. */
  public TransferUnderTest inEpoch(long other) {
    return new TransferUnderTest(ledger, adapter, id, other, anchor);
  }

  /** The same transfer, driven through the other replica of the adapter. */
  public TransferUnderTest throughReplica() {
    return new TransferUnderTest(ledger, ledger.replica(), id, epoch, anchor);
  }

  /** The same transfer, by a gateway that has its log's hash recorded with each step. */
  public TransferUnderTest anchoredAt(LogAnchor place) {
    return new TransferUnderTest(ledger, adapter, id, epoch, Optional.of(place));
  }

  /** The transfer's id. */
  public String id() {
    return id;
  }

  /** 2.3. */
  public StepOutcome lock(Asset asset, String owner, long expiry) {
    return lock(asset, owner, expiry, AGREEMENT);
  }

  /** 2.3, under another agreement. */
  public StepOutcome lock(Asset asset, String owner, long expiry, String reference) {
    return settled(
        LedgerStep.LEDGER_STEP_LOCK,
        adapter.lock(
            LockRequest.newBuilder()
                .setKey(key())
                .setAsset(asset)
                .setOwner(owner)
                .setLockExpiry(expiry)
                .setReference(reference)
                .build()));
  }

  /** Rollback of 2.3. */
  public StepOutcome unlock() {
    return settled(
        LedgerStep.LEDGER_STEP_UNLOCK,
        adapter.unlock(UnlockRequest.newBuilder().setKey(key()).build()));
  }

  /** 3.3. */
  public StepOutcome finalizeLock(String reference) {
    return settled(
        LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
        adapter.finalizeLock(
            FinalizeLockRequest.newBuilder().setKey(key()).setReference(reference).build()));
  }

  /** 3.7. */
  public StepOutcome recordLocation(String reference, String remoteTransactionId) {
    return settled(
        LedgerStep.LEDGER_STEP_RECORD_LOCATION,
        adapter.recordLocation(
            RecordLocationRequest.newBuilder()
                .setKey(key())
                .setReference(reference)
                .setRemoteDltSystem("remote-ledger")
                .setRemoteTransactionId(remoteTransactionId)
                .setRemoteBlockNumber(7)
                .build()));
  }

  /** 2.4. */
  public StepOutcome logIncoming(Asset asset, String beneficiary) {
    return logIncoming(asset, beneficiary, AGREEMENT);
  }

  /** 2.4, under another agreement. */
  public StepOutcome logIncoming(Asset asset, String beneficiary, String reference) {
    return settled(
        LedgerStep.LEDGER_STEP_LOG_INCOMING,
        adapter.logIncoming(
            LogIncomingRequest.newBuilder()
                .setKey(key())
                .setAsset(asset)
                .setBeneficiary(beneficiary)
                .setReference(reference)
                .build()));
  }

  /** 3.5. */
  public StepOutcome create(String reference) {
    return create(reference, COMMIT_FINAL);
  }

  /** 3.5, after another CommitFinal. */
  public StepOutcome create(String reference, String hashCommitFinal) {
    return settled(
        LedgerStep.LEDGER_STEP_CREATE,
        adapter.createFromTransfer(
            CreateFromTransferRequest.newBuilder()
                .setKey(key())
                .setHashCommitFinal(hashCommitFinal)
                .setReference(reference)
                .build()));
  }

  /** Rollback of 2.4. */
  public StepOutcome withdraw() {
    return settled(
        LedgerStep.LEDGER_STEP_WITHDRAW,
        adapter.withdrawIncoming(WithdrawIncomingRequest.newBuilder().setKey(key()).build()));
  }

  /** What the ledger says of a step now. */
  public GetStepResponse step(LedgerStep step) {
    return adapter.getStep(GetStepRequest.newBuilder().setTransferId(id).setStep(step).build());
  }

  /** The claim of an outcome that has to be done and final. */
  public static LedgerClaim done(StepOutcome outcome) {
    assertThat(outcome.getState())
        .as(() -> outcome.getReason() + " " + outcome.getDescription())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
    assertThat(outcome.getClaim().getFinality().getFinal()).isTrue();
    return outcome.getClaim();
  }

  /** Asserts that the ledger refused, for this reason, and said so in words. */
  public static void refused(StepOutcome outcome, ErrorReason reason) {
    assertThat(outcome.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_FAILED);
    assertThat(outcome.getReason()).as(outcome.getDescription()).isEqualTo(reason);
    assertThat(outcome.getDescription()).isNotBlank();
  }

  private StepKey key() {
    StepKey.Builder key = StepKey.newBuilder().setTransferId(id).setEpoch(epoch);
    anchor.ifPresent(key::setAnchor);
    return key.build();
  }

  private StepOutcome settled(LedgerStep step, StepOutcome first) {
    StepOutcome outcome = first;
    long deadline = System.nanoTime() + FINAL_WITHIN.toNanos();
    while (outcome.getState() == SubmissionState.SUBMISSION_STATE_SUBMITTED) {
      assertThat(System.nanoTime() - deadline).as("step is final in time").isNegative();
      ledger.awaitFinality();
      outcome =
          adapter
              .getStep(
                  GetStepRequest.newBuilder()
                      .setTransferId(id)
                      .setStep(step)
                      .setHandle(outcome.getHandle())
                      .build())
              .getOutcome();
    }
    return outcome;
  }
}
