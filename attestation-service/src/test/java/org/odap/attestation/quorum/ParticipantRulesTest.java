package org.odap.attestation.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.participant.CounterpartyConfig;
import org.odap.core.quorum.Statements;

/** What a participant signs, and each of its rules broken once. */
class ParticipantRulesTest {
  @TempDir Path folder;
  private TestQuorum ours;
  private TestQuorum theirs;
  private final String transfer = TestLedger.transfer();

  @BeforeEach
  void start() {
    theirs = new TestQuorum(folder, "ledger-b", 3);
    theirs.start(List.of(theirs.group(1, 3, 1, 2)), List.of());
    theirs.generate("theirs");
    ours = new TestQuorum(folder, "ledger-a", 3);
    ours.start(
        List.of(ours.group(1, 3, 1, 2)),
        List.of(new CounterpartyConfig(theirs.group(1, 3, 1, 2), List.of())));
    ours.generate("key");
  }

  @AfterEach
  void close() {
    ours.close();
    theirs.close();
  }

  private ParticipantSignature sign(Statement statement) {
    return sign(SignPartiallyRequest.newBuilder().setStatement(statement));
  }

  private ParticipantSignature sign(SignPartiallyRequest.Builder request) {
    return ours.member(1)
        .reached()
        .signPartially((request.getKeyId().isEmpty() ? request.setKeyId("key") : request).build())
        .getSignature();
  }

  private Statement did(LedgerStep step) {
    return ours.ledger().stated(transfer, step);
  }

  /** A rule about a claim, and how it is broken. */
  @SuppressWarnings("ImmutableEnumChecker") // Its lambdas hold nothing.
  enum Claimed {
    ANOTHER_TRANSACTION(claim -> claim.setTransactionId("forged")),
    ANOTHER_ACCOUNT(claim -> claim.setAccount("mallory")),
    ANOTHER_BLOCK(claim -> claim.setBlockNumber(99)),
    ANOTHER_EXPIRY(claim -> claim.setLockExpiry(99)),
    ANOTHER_REFERENCE(claim -> claim.setReference("x")),
    ANOTHER_ASSET(claim -> claim.setAsset(claim.getAsset().toBuilder().setAssetId("18"))),
    ANOTHER_LEDGER(claim -> claim.setDltSystem("ledger-b")),
    A_STEP_NOT_DONE(claim -> claim.setStep(LedgerStep.LEDGER_STEP_UNLOCK));

    private final UnaryOperator<LedgerClaim.Builder> change;

    Claimed(UnaryOperator<LedgerClaim.Builder> change) {
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource(Claimed.class)
  @Tag("IT-3")
  void nothingIsSignedThatTheOwnLedgerDoesNotSay(Claimed claimed) {
    Statement right = did(LedgerStep.LEDGER_STEP_LOCK);
    Statement wrong =
        right.toBuilder()
            .setClaim(claimed.change.apply(right.getClaim().toBuilder()).build())
            .build();
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_CLAIM_WRONG, () -> sign(wrong));
    assertThat(sign(right).getIndex()).isEqualTo(1);
  }

  @Test
  @Tag("IT-3")
  void nothingIsSignedThatIsNotFinalOrWasUndone() {
    LedgerClaim submitted =
        ours.ledger()
            .write(
                transfer,
                LedgerStep.LEDGER_STEP_LOCK,
                SubmissionState.SUBMISSION_STATE_SUBMITTED,
                false,
                RecordState.RECORD_STATE_LOCKED);
    Statement statement = Statements.of(TestLedger.hashTx(transfer), submitted);
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL, () -> sign(statement));
    record Case(SubmissionState state, boolean isFinal, RecordState record, ErrorReason reason) {}
    for (Case wrong :
        List.of(
            new Case(
                SubmissionState.SUBMISSION_STATE_DONE,
                false,
                RecordState.RECORD_STATE_LOCKED,
                ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL),
            new Case(
                SubmissionState.SUBMISSION_STATE_FAILED,
                true,
                RecordState.RECORD_STATE_LOCKED,
                ErrorReason.ERROR_REASON_CLAIM_WRONG),
            new Case(
                SubmissionState.SUBMISSION_STATE_DONE,
                true,
                RecordState.RECORD_STATE_RELEASED,
                ErrorReason.ERROR_REASON_CLAIM_WRONG))) {
      ours.ledger()
          .write(
              transfer,
              LedgerStep.LEDGER_STEP_LOCK,
              wrong.state(),
              wrong.isFinal(),
              wrong.record());
      TestQuorum.assertRefused(wrong.reason(), () -> sign(statement));
    }
    ours.ledger().did(transfer, LedgerStep.LEDGER_STEP_LOCK);
    assertThat(sign(statement).getIndex()).isEqualTo(1);
  }

  @Test
  @Tag("IT-3")
  void oneThingIsSignedForATransferAndStepAlsoAfterACrash() {
    Statement first = did(LedgerStep.LEDGER_STEP_LOCK);
    ParticipantSignature given = sign(first);
    ours.member(1).restart();
    assertThat(sign(first)).isEqualTo(given);
    // The ledger now tells otherwise, as after a reorganization, or because it was changed.
    LedgerClaim changed = first.getClaim().toBuilder().setTransactionId("tx-other").build();
    Statement other = first.toBuilder().setClaim(changed).build();
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> sign(other));
    Statement otherTx =
        did(LedgerStep.LEDGER_STEP_FINALIZE_LOCK).toBuilder()
            .setHashTx(TestLedger.hashTx("another"))
            .build();
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> sign(otherTx));
    assertThat(sign(first)).isEqualTo(given);
  }

  @ParameterizedTest
  @CsvSource({
    "UNLOCK, FINALIZE_LOCK, false",
    "FINALIZE_LOCK, UNLOCK, false",
    "UNLOCK, LOCK, false",
    "UNLOCK, RECORD_LOCATION, false",
    "RECORD_LOCATION, UNLOCK, false",
    "WITHDRAW, CREATE, false",
    "CREATE, WITHDRAW, false",
    "LOCK, UNLOCK, true",
    "LOCK, FINALIZE_LOCK, true",
    "FINALIZE_LOCK, RECORD_LOCATION, true"
  })
  @Tag("IT-4")
  void whatContradictsWhatWasSignedIsNotSigned(String before, String after, boolean isFair) {
    sign(did(LedgerStep.valueOf("LEDGER_STEP_" + before)));
    ours.member(1).restart();
    Statement next = did(LedgerStep.valueOf("LEDGER_STEP_" + after));
    if (isFair) {
      assertThat(sign(next).getIndex()).isEqualTo(1);
    } else {
      TestQuorum.assertRefused(ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> sign(next));
    }
  }

  @Test
  @Tag("IT-4")
  void anUnlockThatWasWithdrawnIsFairAndTheOtherWayRoundNot() {
    Statement lock = theirs.ledger().stated(transfer, LedgerStep.LEDGER_STEP_LOCK);
    SignPartiallyRequest.Builder answer = answer(lock, LedgerStep.LEDGER_STEP_LOG_INCOMING);
    assertThat(sign(answer).getIndex()).isEqualTo(1);
    assertThat(sign(did(LedgerStep.LEDGER_STEP_WITHDRAW)).getIndex()).isEqualTo(1);
  }

  private SignPartiallyRequest.Builder answer(Statement answered, LedgerStep step) {
    return SignPartiallyRequest.newBuilder()
        .setStatement(did(step))
        .setAnswered(theirs.collect("theirs", answered).getSignature())
        .setAnsweredStatement(answered);
  }

  /** A rule about what is answered, and how it is broken. */
  @SuppressWarnings("ImmutableEnumChecker") // Its lambdas hold nothing.
  enum Answered {
    NOTHING(SignPartiallyRequest.Builder::clearAnswered, ErrorReason.ERROR_REASON_CLAIM_WRONG),
    FEWER_SIGNERS_THAN_THE_THRESHOLD(
        request -> request.setAnswered(request.getAnsweredBuilder().removeSigners(0)),
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    ONE_SIGNER_TWICE(
        request -> {
          QuorumSignature.Builder signature = request.getAnsweredBuilder();
          return request.setAnswered(signature.setSigners(0, signature.getSigners(1)));
        },
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    A_SIGNER_UNDER_ANOTHERS_INDEX(
        request -> {
          QuorumSignature.Builder signature = request.getAnsweredBuilder();
          signature.getSignersBuilder(0).setIndex(signature.getSigners(0).getIndex() % 3 + 1);
          return request;
        },
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    ANOTHER_STATEMENT_THAN_SIGNED(
        request -> {
          request.getAnsweredStatementBuilder().getClaimBuilder().setAccount("mallory");
          return request;
        },
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    ANOTHER_PUBLIC_KEY(
        request -> {
          request.getAnsweredBuilder().setPublicKey("x");
          return request;
        },
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    A_LEDGER_NOT_KNOWN(
        request -> {
          request.getAnsweredStatementBuilder().getClaimBuilder().setDltSystem("ledger-c");
          return request;
        },
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID),
    ANOTHER_TRANSFER(
        request -> {
          String other = TestLedger.transfer();
          request.getAnsweredStatementBuilder().setTransferId(other);
          request.getAnsweredStatementBuilder().getClaimBuilder().setTransferId(other);
          return request;
        },
        ErrorReason.ERROR_REASON_CLAIM_WRONG),
    ANOTHER_TX(
        request -> {
          request.getAnsweredStatementBuilder().setHashTx(TestLedger.hashTx("x"));
          return request;
        },
        ErrorReason.ERROR_REASON_CLAIM_WRONG),
    ANOTHER_ASSET(
        request -> {
          request
              .getAnsweredStatementBuilder()
              .getClaimBuilder()
              .getAssetBuilder()
              .setAssetId("18");
          return request;
        },
        ErrorReason.ERROR_REASON_CLAIM_WRONG),
    ANOTHER_STEP(
        request -> {
          request
              .getAnsweredStatementBuilder()
              .getClaimBuilder()
              .setStep(LedgerStep.LEDGER_STEP_CREATE);
          return request;
        },
        ErrorReason.ERROR_REASON_CLAIM_WRONG);

    private final UnaryOperator<SignPartiallyRequest.Builder> change;
    private final ErrorReason reason;

    Answered(UnaryOperator<SignPartiallyRequest.Builder> change, ErrorReason reason) {
      this.change = change;
      this.reason = reason;
    }
  }

  @ParameterizedTest
  @EnumSource(Answered.class)
  @Tag("IT-4")
  void unlockIsSignedOnlyInAnswerToALockTheOthersSigned(Answered answered) {
    Statement lock = theirs.ledger().stated(transfer, LedgerStep.LEDGER_STEP_LOCK);
    SignPartiallyRequest right = answer(lock, LedgerStep.LEDGER_STEP_LOG_INCOMING).build();
    TestQuorum.assertRefused(answered.reason, () -> sign(answered.change.apply(right.toBuilder())));
    assertThat(sign(right.toBuilder()).getIndex()).isEqualTo(1);
  }

  @Test
  @Tag("IT-4")
  void aDealerThatSignsForTheMembersProvesNothing() {
    // Who dealt the key can make any signature with it, but not the members' own.
    String tx = TestLedger.hashTx(transfer);
    theirs.distribute(ours.deal("dealt", tx, theirs.group()));
    Statement lock = theirs.ledger().stated(transfer, LedgerStep.LEDGER_STEP_LOCK);
    SignPartiallyRequest.Builder request =
        SignPartiallyRequest.newBuilder()
            .setStatement(did(LedgerStep.LEDGER_STEP_LOG_INCOMING))
            .setAnsweredStatement(lock)
            .setAnswered(theirs.collect("dealt", lock).getSignature());
    SignPartiallyRequest.Builder forged = request.clone();
    forged.getAnsweredBuilder().clearSigners();
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_SIGNATURE_INVALID, () -> sign(forged));
    assertThat(sign(request).getIndex()).isEqualTo(1);
  }

  @Test
  @Tag("IT-1")
  void noShareNoSignature() {
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_KEY_UNKNOWN,
        () ->
            sign(
                SignPartiallyRequest.newBuilder()
                    .setKeyId("none")
                    .setStatement(did(LedgerStep.LEDGER_STEP_LOCK))));
  }
}
