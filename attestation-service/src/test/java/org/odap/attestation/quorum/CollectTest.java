package org.odap.attestation.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
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
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.Statement;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.Member;
import org.odap.core.quorum.Statements;
import org.odap.quorum.Groups;
import org.odap.quorum.OwnSignatures;
import org.odap.quorum.QuorumProof;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.Polynomial;

/** What is collected of members of whom some lie and some are silent. */
class CollectTest {
  @TempDir Path folder;
  private TestQuorum quorum;

  @AfterEach
  void close() {
    quorum.close();
  }

  /** What a member gives instead of its partial signature. */
  enum Lie {
    SIGNATURE_WITH_ANOTHER_SHARE,
    SIGNATURE_OF_ANOTHER_STATEMENT,
    UNDER_ANOTHERS_OWN_SIGNATURE,
    AS_ANOTHER_MEMBER,
    NONSENSE;

    ParticipantSignature signature(int index, SignPartiallyRequest request, SigningKey own) {
      byte[] statement = Statements.bytes(request.getStatement());
      var other = Polynomial.random(2, new SecureRandom()).share(index);
      ParticipantSignature lie = OwnSignatures.give(statement, other.sign(statement), own);
      return switch (this) {
        case SIGNATURE_WITH_ANOTHER_SHARE -> lie;
        case SIGNATURE_OF_ANOTHER_STATEMENT ->
            OwnSignatures.give(statement, other.sign(new byte[] {1}), own);
        case UNDER_ANOTHERS_OWN_SIGNATURE ->
            lie.toBuilder().setParticipantSignature(own.sign(new byte[] {1})).build();
        case AS_ANOTHER_MEMBER -> lie.toBuilder().setIndex(index % 7 + 1).build();
        case NONSENSE -> ParticipantSignature.newBuilder().setIndex(index).build();
      };
    }

    Function<Member, Member> by(int index, SigningKey own) {
      return honest ->
          new ForwardingMember(honest) {
            @Override
            public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
              return SignPartiallyResponse.newBuilder()
                  .setSignature(signature(index, request, own))
                  .build();
            }
          };
    }
  }

  private static Member silent(Member honest) {
    return new ForwardingMember(honest) {
      @Override
      public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
        throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "silent");
      }
    };
  }

  /** Never answers, until it is no longer waited for. */
  private static Member hanging(Member honest) {
    return new ForwardingMember(honest) {
      @Override
      public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "hung");
      }
    };
  }

  private Statement statement() {
    return quorum.ledger().stated(TestLedger.transfer(), LedgerStep.LEDGER_STEP_LOCK);
  }

  private void makeKey(int members, int faultyMax, int threshold) {
    quorum = TestQuorum.of(folder, members, faultyMax, threshold);
    quorum.generate("key");
  }

  @ParameterizedTest
  @EnumSource(Lie.class)
  @Tag("IT-1")
  @Tag("IT-6")
  void liarsAreNamedAndWaitedOutAndTheSilentDoNoHarm(Lie lie) {
    makeKey(7, 2, 3);
    Statement statement = statement();
    CollectSignatureResponse honest = quorum.collect("key", statement);
    assertThat(honest.getWrongList()).isEmpty();
    // Three honest answer of five; the liars answer first or last, as it happens.
    for (int i : List.of(2, 5)) {
      quorum.member(i).cheat(lie.by(i, quorum.member(i).own()));
    }
    quorum.member(1).cheat(CollectTest::silent);
    quorum.member(7).cheat(CollectTest::silent);

    CollectSignatureResponse response = quorum.collect("key", statement);

    assertThat(response.getSignature().getSignature())
        .isEqualTo(honest.getSignature().getSignature());
    assertThat(response.getSignature().getSignersList())
        .extracting(ParticipantSignature::getIndex)
        .containsExactly(3, 4, 6);
    assertThat(response.getSilentList()).contains(1, 7).doesNotContain(3, 4, 6);
    assertThat(List.of(2, 5)).containsAll(response.getWrongList());
    assertThat(QuorumProof.mistake(quorum.group(), statement, response.getSignature())).isEmpty();
  }

  @Test
  @Tag("IT-1")
  @Tag("IT-6")
  void tooManyLiarsAndSilentGiveNothingAndAreNamed() {
    makeKey(4, 1, 2);
    quorum.signWithin(Duration.ofSeconds(3));
    Lie lie = Lie.SIGNATURE_WITH_ANOTHER_SHARE;
    quorum.member(1).cheat(lie.by(1, quorum.member(1).own()));
    quorum.member(2).cheat(CollectTest::silent);
    quorum.member(3).cheat(CollectTest::hanging);

    OdapException refusal = TestQuorum.refusal(() -> quorum.collect("key", statement()));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET);
    assertThat(refusal.description())
        .contains("1 right partial signatures (expected: 2)", "wrong: [1]", "silent: [2, 3]");
  }

  @Test
  void whoLiesIsSilentOrIsNotWaitedForIsCounted() {
    makeKey(4, 1, 2);
    quorum.signWithin(Duration.ofSeconds(3));
    Lie lie = Lie.SIGNATURE_WITH_ANOTHER_SHARE;
    quorum.member(1).cheat(lie.by(1, quorum.member(1).own()));
    quorum.member(2).cheat(CollectTest::silent);
    quorum.member(3).cheat(CollectTest::hanging);
    Statement statement = statement();

    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET, () -> quorum.collect("key", statement));

    assertThat(quorum.rounds(RoundMetrics.Outcome.THRESHOLD_NOT_MET)).isEqualTo(1);
    assertThat(quorum.counted(1, RoundMetrics.Answer.WRONG)).isEqualTo(1);
    assertThat(quorum.counted(2, RoundMetrics.Answer.SILENT)).isEqualTo(1);
    assertThat(quorum.counted(3, RoundMetrics.Answer.SILENT)).isEqualTo(1);
    assertThat(quorum.counted(4, RoundMetrics.Answer.RIGHT)).isEqualTo(1);

    quorum.member(1).cheat(honest -> honest);
    CollectSignatureResponse _ = quorum.collect("key", statement);

    assertThat(quorum.rounds(RoundMetrics.Outcome.SIGNED)).isEqualTo(1);
    assertThat(quorum.counted(3, RoundMetrics.Answer.LATE)).isEqualTo(1);
    assertThat(quorum.counted(4, RoundMetrics.Answer.RIGHT)).isEqualTo(2);
  }

  @Test
  @Tag("IT-6")
  void nobodyWaitsForTheSilentOnceEnoughHaveSigned() {
    makeKey(4, 1, 2);
    quorum.signWithin(Duration.ofHours(1));
    quorum.member(2).cheat(CollectTest::hanging);
    quorum.member(3).cheat(CollectTest::hanging);
    assertThat(quorum.collect("key", statement()).getSilentList()).containsExactly(2, 3);
  }

  @Test
  @Tag("IT-2")
  void aDealtKeyIsFoundAgainFromTheSecretAndTheTxAndNoOther() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    try (TestQuorum other = new TestQuorum(folder, "ledger-b", 4)) {
      other.start(List.of(other.group(1, 4, 1, 2)), List.of());
      String tx = TestLedger.hashTx("tx");
      DealtKey key = other.deal("dealt", tx, quorum.group());
      assertThat(other.deal("dealt", tx, quorum.group()).getPublicKey())
          .isEqualTo(key.getPublicKey());
      List<DealtKey> others = new ArrayList<>();
      others.add(other.deal("dealt-2", tx, quorum.group()));
      others.add(other.deal("dealt", TestLedger.hashTx("tx-2"), quorum.group()));
      others.add(other.deal("dealt", tx, other.group()));
      others.add(quorum.deal("dealt", tx, quorum.group()));
      assertThat(others)
          .allSatisfy(one -> assertThat(one.getPublicKey()).isNotEqualTo(key.getPublicKey()));

      assertThat(quorum.distribute(key)).containsExactly(1, 2, 3, 4);
      assertThat(quorum.distribute(key)).containsExactly(1, 2, 3, 4);
      QuorumSignature signature = quorum.collect("dealt", statement()).getSignature();
      assertThat(signature.getPublicKey()).isEqualTo(key.getPublicKey());
    }
  }

  @Test
  @Tag("IT-6")
  void nobodyWaitsForWhoHangsWhenSharesAreHandedOut() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    quorum.member(2).cheat(CollectTest::hangsWhenItIsToTakeAShare);
    DealtKey key = quorum.deal("dealt", TestLedger.hashTx("tx"), quorum.group());
    long begun = System.nanoTime();

    assertThat(quorum.distribute(key)).containsExactly(1, 3, 4);

    // Far below the time for a round.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }

  private static Member hangsWhenItIsToTakeAShare(Member honest) {
    return new ForwardingMember(honest) {
      @Override
      public StoreKeyShareResponse storeKeyShare(StoreKeyShareRequest request) {
        SignPartiallyResponse _ =
            hanging(honest).signPartially(SignPartiallyRequest.getDefaultInstance());
        return super.storeKeyShare(request);
      }
    };
  }

  @Test
  @Tag("IT-2")
  void sharesThatDoNotFitOrAreForOthersAreRefused() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    String tx = TestLedger.hashTx("tx");
    DealtKey right = quorum.deal("dealt", tx, quorum.group());
    DealtKey other = quorum.deal("dealt", TestLedger.hashTx("tx-2"), quorum.group());
    // Two shares of another polynomial: the two others take theirs.
    DealtKey partly =
        right.toBuilder().setShares(0, other.getShares(0)).setShares(1, other.getShares(1)).build();
    assertThat(quorum.distribute(partly)).containsExactly(3, 4);
    DealtKey wrong = right.toBuilder().setKeyId("other").build();
    OdapException refusal = TestQuorum.refusal(() -> quorum.distribute(wrong));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET);
    assertThat(refusal.description()).contains("1: SHARE_INVALID", "4: SHARE_INVALID");
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_SHARE_INVALID,
        () ->
            quorum.distribute(
                right.toBuilder().setKeyId("k").setPublicKey(other.getPublicKey()).build()));
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> quorum.distribute(other));
  }

  /** The same tx in another transfer, as another pair of gateways would bring it. */
  private Statement sameTx(Statement first, RecordState record) {
    String transfer = TestLedger.transfer();
    LedgerClaim claim =
        quorum
            .ledger()
            .write(
                transfer,
                first.getClaim().getStep(),
                SubmissionState.SUBMISSION_STATE_DONE,
                true,
                record);
    return Statements.of(first.getHashTx(), claim);
  }

  @ParameterizedTest
  @CsvSource({
    "LEDGER_STEP_LOCK, RECORD_STATE_LOCKED, RECORD_STATE_RELEASED",
    "LEDGER_STEP_LOG_INCOMING, RECORD_STATE_ANNOUNCED, RECORD_STATE_WITHDRAWN"
  })
  @Tag("IT-7")
  void aTxIsVouchedForInOneTransferWhicheverGatewaysBringItUntilTheLedgerHasUndoneIt(
      LedgerStep step, RecordState done, RecordState undone) {
    makeKey(4, 1, 3);
    Statement tx = quorum.ledger().stated(TestLedger.transfer(), step);
    Statement first = sameTx(tx, done);
    Statement second = sameTx(tx, done);
    String signature = quorum.collect("key", first).getSignature().getSignature();

    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER, () -> quorum.collect("key", second));
    // Whoever of the members gave its part.
    assertThat(quorum.collect("key", first).getSignature().getSignature()).isEqualTo(signature);
    quorum.member(1).restart();
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER, () -> quorum.collect("key", second));

    LedgerClaim _ =
        quorum
            .ledger()
            .write(
                first.getTransferId(), step, SubmissionState.SUBMISSION_STATE_DONE, true, undone);
    assertThat(quorum.collect("key", second).getSignature().getHashTx()).isEqualTo(tx.getHashTx());
  }

  /** Two gateways ask at once, and each has half of the members. */
  @Test
  @Tag("IT-7")
  void ofTwoTransfersThatShareTheMembersOneGivesWay() {
    makeKey(4, 1, 3);
    Statement tx = statement();
    Statement first = sameTx(tx, RecordState.RECORD_STATE_LOCKED);
    Statement second = sameTx(tx, RecordState.RECORD_STATE_LOCKED);
    for (int index = 1; index <= 4; index++) {
      SignPartiallyResponse _ =
          quorum
              .member(index)
              .honest()
              .signPartially(
                  SignPartiallyRequest.newBuilder()
                      .setKeyId("key")
                      .setStatement(index <= 2 ? first : second)
                      .build());
    }

    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET, () -> quorum.collect("key", first));
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER, () -> quorum.collect("key", second));
    LedgerClaim _ =
        quorum
            .ledger()
            .write(
                second.getTransferId(),
                LedgerStep.LEDGER_STEP_LOCK,
                SubmissionState.SUBMISSION_STATE_DONE,
                true,
                RecordState.RECORD_STATE_RELEASED);
    assertThat(quorum.collect("key", first).getSignature().getHashTx()).isEqualTo(tx.getHashTx());
  }

  @Test
  void aKeyNobodyHasIsUnknown() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_KEY_UNKNOWN, () -> quorum.collect("none", statement()));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "4, 0, 1",
    "4, 1, 2",
    "7, 2, 3",
    "64, 10, 21",
    "100, 33, 34",
    "200, 40, 66",
    "200, 66, 67",
    "800, 133, 266",
    "800, 266, 267"
  })
  @Tag("IT-6")
  void theThresholdFollowsTheNumberOfMembersAndOfFaultyOnes(int all, int faulty, int threshold) {
    quorum = new TestQuorum(folder, "ledger-a", 0);
    assertThat(Groups.standardThreshold(all, faulty)).isEqualTo(threshold);
  }

  @ParameterizedTest
  @CsvSource({"4, 1, 1", "4, 1, 4", "4, 0, 5", "4, 0, 0", "4, 2, 2", "4, 2, 3", "4, 4, 1"})
  @Tag("IT-6")
  void aThresholdTheFaultyAloneMeetOrCanKeepOthersFromIsRefused(
      int all, int faulty, int threshold) {
    quorum = new TestQuorum(folder, "ledger-a", all);
    assertThat(Groups.mistake(quorum.group(1, all, faulty, threshold).group()))
        .hasValueSatisfying(why -> assertThat(why).startsWith("threshold: value: " + threshold));
    assertThat(Groups.mistake(quorum.group(1, all, 1, 2).group())).isEqualTo(Optional.empty());
  }

  @Test
  @Tag("IT-6")
  void ofTwoSetsThatConfirmOneMemberIsInBothAndHonest() {
    quorum = new TestQuorum(folder, "ledger-a", 9);
    IntStream.rangeClosed(1, 9)
        .forEach(all -> {
          for (int faulty = 0; 2 * faulty < all; faulty++) {
            int needed =
                Groups.confirmationsNeeded(quorum.group(1, all, faulty, faulty + 1).group());
            assertThat(2 * needed - all).isGreaterThan(faulty);
          }
        });
  }
}
