package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.session.Session;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Side.Taken;

/** What the gateways order of their ledgers, and what they believe of the answers (ARCH 7, 8). */
class LedgerStepsTest {
  private static final TwoGateways WHOLE = whole();

  private static TwoGateways whole() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.run();
    return gateways;
  }

  @Test
  @Tag("ARCH-1")
  void eachStepRefersToTheStepBeforeIt() {
    Session session = WHOLE.recipient().transfer().session();
    Map<LedgerStep, Message> source = WHOLE.sender().ledger().asked();
    Map<LedgerStep, Message> destination = WHOLE.recipient().ledger().asked();
    String commence = session.message(MessageType.TRANSFER_COMMENCE).hash();

    LockRequest lock = (LockRequest) source.get(LedgerStep.LEDGER_STEP_LOCK);
    assertThat(lock.getReference()).isEqualTo(commence);
    assertThat(lock.getOwner()).isEqualTo(session.proposal().getOrigin());
    assertThat(lock.getAsset()).isEqualTo(session.proposal().getAsset());
    LogIncomingRequest incoming =
        (LogIncomingRequest) destination.get(LedgerStep.LEDGER_STEP_LOG_INCOMING);
    assertThat(incoming.getReference()).isEqualTo(commence);
    assertThat(incoming.getBeneficiary()).isEqualTo(Bargain.DESTINATION);
    FinalizeLockRequest finalize =
        (FinalizeLockRequest) source.get(LedgerStep.LEDGER_STEP_FINALIZE_LOCK);
    assertThat(finalize.getReference())
        .isEqualTo(transactionHash(WHOLE.sender(), LedgerStep.LEDGER_STEP_LOCK));
    CreateFromTransferRequest create =
        (CreateFromTransferRequest) destination.get(LedgerStep.LEDGER_STEP_CREATE);
    assertThat(create.getHashCommitFinal())
        .isEqualTo(session.message(MessageType.COMMIT_FINAL).hash());
    assertThat(create.getReference())
        .isEqualTo(transactionHash(WHOLE.recipient(), LedgerStep.LEDGER_STEP_LOG_INCOMING));
    LedgerClaim created = WHOLE.recipient().ledger().done().get(LedgerStep.LEDGER_STEP_CREATE);
    RecordLocationRequest location =
        (RecordLocationRequest) source.get(LedgerStep.LEDGER_STEP_RECORD_LOCATION);
    assertThat(location.getReference())
        .isEqualTo(transactionHash(WHOLE.sender(), LedgerStep.LEDGER_STEP_FINALIZE_LOCK));
    assertThat(location.getRemoteDltSystem()).isEqualTo(Messages.RECIPIENT_DLT);
    assertThat(location.getRemoteTransactionId()).isEqualTo(created.getTransactionId());
    assertThat(location.getRemoteBlockNumber()).isEqualTo(created.getBlockNumber());
  }

  @Test
  @Tag("ARCH-1")
  void commitFinalAndItsAckGiveBlockAndTransaction() {
    Session session = WHOLE.sender().transfer().session();
    LedgerClaim extinguished =
        session.message(MessageType.COMMIT_FINAL).as(CommitFinal.class).getCommitFinalClaim();
    LedgerClaim created =
        session
            .message(MessageType.COMMIT_FINAL_ACK)
            .as(CommitFinalAck.class)
            .getCommitAcknowledgementClaim();

    assertThat(extinguished)
        .isEqualTo(WHOLE.sender().ledger().done().get(LedgerStep.LEDGER_STEP_FINALIZE_LOCK));
    assertThat(created)
        .isEqualTo(WHOLE.recipient().ledger().done().get(LedgerStep.LEDGER_STEP_CREATE));
    assertThat(List.of(extinguished, created))
        .allMatch(claim -> !claim.getTransactionId().isEmpty() && claim.getBlockNumber() > 0);
  }

  /**
   * A claim of this side's adapter that the peer could not take.
   *
   * @param change what is wrong with it
   */
  record Lie(LedgerStep step, String what, UnaryOperator<LedgerClaim> change, ErrorReason reason) {
    @Override
    public String toString() {
      return Side.word(step) + ": " + what;
    }
  }

  private static Stream<Lie> lies() {
    ErrorReason wrong = ErrorReason.ERROR_REASON_CLAIM_WRONG;
    Stream<Lie> ofEachStep =
        Stream.of(
                LedgerStep.LEDGER_STEP_LOCK,
                LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
                LedgerStep.LEDGER_STEP_CREATE)
            .flatMap(step ->
                Stream.of(
                    lie(step, "transfer_id", "11111111-2222-4333-8444-555555555555", wrong),
                    lie(step, "dlt_system", "another", wrong),
                    lie(step, "account", "someone", wrong),
                    lie(step, "asset.asset_id", "42", wrong),
                    lie(step, "transaction_id", "", wrong),
                    lie(step, "finality.final", false, ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL)));
    Stream<Lie> ofOne =
        Stream.of(
            lie(LedgerStep.LEDGER_STEP_LOCK, "lock_expiry", Messages.EXPIRY + 1, wrong),
            lie(LedgerStep.LEDGER_STEP_FINALIZE_LOCK, "reference", "other", wrong));
    return Stream.concat(ofEachStep, ofOne);
  }

  private static Lie lie(LedgerStep step, String path, Object value, ErrorReason reason) {
    return new Lie(
        step, path + " = " + value, claim -> (LedgerClaim) Fields.set(claim, path, value), reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  @Tag("ODAP-19")
  void aClaimThePeerCouldNotTakeIsNotTakenFromTheLedgerEither(Lie lie) {
    Taken place = place(lie.step());
    LedgerClaim claim = ((Input.LedgerDid) place.input()).claim();

    Step step = decide(place, new Input.LedgerDid(lie.change().apply(claim)));

    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(lie.reason()));
  }

  @Test
  void anAnswerNobodyWaitsForIsIgnored() {
    List<Taken> answers =
        Stream.of(WHOLE.sender(), WHOLE.recipient())
            .flatMap(side -> side.history().stream())
            .filter(taken -> taken.input() instanceof Input.LedgerDid)
            .toList();
    assertThat(answers).hasSize(5);
    for (Taken place : answers) {
      for (Taken other : answers) {
        if (!place.equals(other)) {
          assertThat(decide(place, other.input())).isEqualTo(new Step.Ignored());
        }
      }
    }
  }

  private static Taken place(LedgerStep step) {
    return Stream.of(WHOLE.sender(), WHOLE.recipient())
        .flatMap(side -> side.history().stream())
        .filter(
            taken -> taken.input() instanceof Input.LedgerDid did && did.claim().getStep() == step)
        .findFirst()
        .orElseThrow();
  }

  private static Step decide(Taken place, Input input) {
    return TransferMachine.decide(
        place.before(), input, Bargain.setting(place.before().role(), Mood.AGREES), place.now());
  }

  private static String transactionHash(Side side, LedgerStep step) {
    return Hash.of(
        side.ledger().done().get(step).getTransactionId().getBytes(StandardCharsets.UTF_8));
  }
}
