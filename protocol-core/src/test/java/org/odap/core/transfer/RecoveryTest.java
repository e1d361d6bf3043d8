package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.LedgerWay;
import org.odap.core.transfer.TwoGateways.Way;

/** Recoveries that agree are told in the scenarios; here are backups, and logs that disagree. */
@Tag("2PC-6")
class RecoveryTest {
  private static final Signer BACKUP = TestKeys.STRANGER;

  /** Whichever side's backup takes over, and wherever: the transfer ends, signed by the backup. */
  @ParameterizedTest
  @EnumSource
  @Tag("2PC-7")
  void aBackupWithAKeyOfItsOwnGoesOnAnywhere(Role role) {
    int places = 0;
    for (int done = 0; ; done++) {
      TwoGateways gateways = Places.ordered(Mood.AGREES);
      boolean ended = !stepsDone(gateways, done) || gateways.ended();
      if (ended) {
        break;
      }
      if (gateways.side(role).transfer().entries().isEmpty()) {
        continue;
      }
      gateways.takeOver(role, BACKUP);
      gateways.run();
      gateways.end();
      assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
      assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);
      places++;
    }
    assertThat(places).isGreaterThan(6);
  }

  /**
   * The replica that a proposal names is gone before it took it: a backup takes it, has the sender
   * hear who it is, and only then answers.
   */
  @Test
  @Tag("2PC-7")
  void aBackupTakesWhatWasProposedToItsPrimary() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.AGREES));
    gateways.send(Role.SENDER, Way.OPEN);

    Transfer taken = gateways.recipient().transfer();
    OdapMessage proposal = sent(gateways.sender(), MessageType.INITIALIZATION_REQUEST);
    assertThat(commands(taken))
        .containsExactly("exec-validate", "init-recover", "done-validate", "ack-validate");
    assertThat(taken.state()).isEqualTo(RecipientState.AGREED);
    assertThat(taken.answer(proposal)).isEmpty();
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.PROPOSED);

    gateways.send(Role.RECIPIENT, Way.OPEN);
    assertThat(gateways.recipient().transfer().answer(proposal)).isPresent();
    completes(gateways);
    assertThat(gateways.sender().transfer().session().peerPubkey()).isEqualTo(BACKUP.publicKey());
  }

  /** The sender hears the denial too, and in the words of the one that denies. */
  @Test
  @Tag("2PC-7")
  void aBackupDeniesWhatWasProposedToItsPrimary() {
    TwoGateways gateways = Places.ordered(Mood.DENIES);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.DENIES));
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(commands(gateways.sender().transfer())).contains("fail-validate");
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.DENIED);
    gateways.advance(Messages.EXPIRY - gateways.now());
    gateways.end();
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.REFUSED);
  }

  /**
   * Both the replica that proposed and the one it named are gone: the sender's backup speaks first
   * where there is no session yet, and again once it hears of the recipient's.
   */
  @Test
  @Tag("2PC-7")
  void aBackupTakesWhatABackupBrings() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.takeOver(Role.SENDER, TestKeys.OTHER_STRANGER);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.AGREES));
    gateways.send(Role.SENDER, Way.OPEN);
    completes(gateways);
  }

  /** The primary took it after all, or has come back to it: what is logged first holds. */
  @Test
  @Tag("2PC-7")
  void aBackupThatTookAProposalIsTakenOverFromInItsTurn() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.AGREES));
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.takeOver(Role.RECIPIENT, TestKeys.RECIPIENT);
    completes(gateways);
  }

  private static void completes(TwoGateways gateways) {
    gateways.run();
    gateways.end();
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
  }

  private static List<String> commands(Transfer transfer) {
    return transfer.entries().stream().map(entry -> entry.getPayload().getMessage()).toList();
  }

  private static OdapMessage sent(Side side, MessageType type) {
    return side.transfer().session().sent(type).orElseThrow();
  }

  /** The peer's log is closed: it can't take note of a backup, but can tell how it ended. */
  @Test
  @Tag("2PC-7")
  void aBackupLearnsOfTheEndThatOnlyThePeerHasReached() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    while (gateways.recipient().transfer().state() != RecipientState.COMPLETED) {
      if (gateways.sender().pendingStep().isPresent()) {
        gateways.ledger(Role.SENDER, LedgerWay.OPEN);
      } else if (gateways.recipient().pendingStep().isPresent()) {
        gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
      } else {
        boolean last = gateways.sender().transfer().state() == SenderState.COMPLETING;
        gateways.send(Role.SENDER, last ? Way.ANSWER_LOST : Way.OPEN);
      }
    }
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETING);

    gateways.takeOver(Role.SENDER, BACKUP);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
  }

  /**
   * What a backup signed that the peer never heard of is taken when its successor speaks for it.
   */
  @Test
  @Tag("2PC-7")
  void aBackupSpeaksForTheOneBeforeItThatWasNeverHeardOf() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.FINALIZING);
    gateways.takeOver(Role.SENDER, BACKUP);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMMITTING);

    gateways.takeOver(Role.SENDER, TestKeys.SENDER);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);
  }

  /** The same of a transfer that the peer has given up by itself. */
  @Test
  @Tag("2PC-7")
  void aBackupLearnsThatThePeerHasGivenUp() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.take(Role.RECIPIENT, new Input.Canceled("operator", "enough"));
    gateways.send(Role.RECIPIENT, Way.ANSWER_LOST);
    gateways.take(Role.SENDER, new Input.Tick());

    gateways.takeOver(Role.RECIPIENT, BACKUP);
    gateways.run();
    gateways.end();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);
  }

  /** After a backup's Recover, the old primary is nobody's peer any more. */
  @Test
  @Tag("2PC-7")
  void theOldPrimaryIsRefusedOnceABackupHasTakenOver() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    OdapMessage commence = gateways.sender().pendingRequest().orElseThrow();
    gateways.takeOver(Role.SENDER, BACKUP);
    gateways.send(Role.SENDER, Way.OPEN);

    Step late =
        gateways.take(Role.RECIPIENT, new Input.Received(commence, TestKeys.SENDER.publicKey()));

    assertThat(reason(late)).isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
  }

  /**
   * The peer may have been bound: it waits until it hears, and here there is nobody else to ask.
   */
  @Test
  @Tag("2PC-7")
  @Tag("2PC-8")
  void aBackupWhoseTransferEndedBeforeThePeerHeardOfItStillRefuses() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.takeOver(Role.RECIPIENT, BACKUP);
    gateways.advance(3_600_000);
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.tick();
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);

    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
  }

  /**
   * Backups of both have taken over and neither has heard of the other: what one answers the other
   * can't believe. One that has ended by itself since is never heard any more, but can refuse.
   */
  @Test
  @Tag("2PC-7")
  @Tag("2PC-8")
  void aBackupThatWasNeverHeardOfDoesNotAnswerABackupAfterTheEnd() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.PREPARING);
    gateways.takeOver(Role.SENDER, TestKeys.OTHER_STRANGER);
    gateways.takeOver(Role.RECIPIENT, BACKUP);
    gateways.advance(3_600_000);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.sender().transfer().session().recovery().isTakingOver()).isTrue();
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.tick();
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);

    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
  }

  /**
   * A Recover that comes when its author was replaced long ago looks like the newest replica's to a
   * peer that has heard of no other. Whoever may write the log says that it is itself.
   */
  @Test
  @Tag("2PC-7")
  void theOneThatGoesOnSaysSoWhenAReplacedOneWasHeardLate() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.takeOver(Role.SENDER, BACKUP);
    OdapMessage late = gateways.sender().pendingRequest().orElseThrow();
    gateways.takeOver(Role.SENDER, TestKeys.SENDER);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.sender().pendingRequest().map(OdapMessage::type))
        .as("the peer knows no such session")
        .contains(MessageType.INITIALIZATION_REQUEST);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMMENCING);

    Step taken = gateways.take(Role.RECIPIENT, new Input.Received(late, BACKUP.publicKey()));
    assertThat(taken).isInstanceOf(Step.Accepted.class);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);
  }

  @Test
  @Tag("2PC-7")
  void whoeverIsNotHeardOfDoesNotSayForEverThatItGoesOn() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    Refusal disowned =
        Refusal.of(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS, "session: not the other gateway");

    gateways.take(Role.SENDER, new Input.PeerRefused(MessageType.TRANSFER_COMMENCE, disowned));
    assertThat(gateways.sender().transfer().session().recovery().isTakingOver()).isTrue();
    gateways.take(Role.SENDER, new Input.PeerRefused(MessageType.RECOVER, disowned));
    gateways.take(Role.SENDER, new Input.PeerRefused(MessageType.TRANSFER_COMMENCE, disowned));

    assertThat(gateways.sender().transfer().session().recovery().open()).isEmpty();
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLING_BACK);
  }

  /** A Recover that does not say it is a backup's must come with the session's key. */
  @Test
  void aStrangersRecoverIsRefused() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.sender().crash();
    gateways.sender().restart();
    gateways.take(Role.SENDER, new Input.Recovered());
    OdapMessage recover = gateways.sender().pendingRequest().orElseThrow();

    Step step = gateways.take(Role.RECIPIENT, new Input.Received(recover, BACKUP.publicKey()));

    assertThat(reason(step)).isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
  }

  /** A log that lost what its own gateway had said: only people can tell what happened. */
  @Test
  void aLogThatLacksItsGatewaysOwnWordsIsDisputed() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.sender().loseEntries(2);

    gateways.take(Role.SENDER, new Input.Recovered());
    gateways.send(Role.SENDER, Way.OPEN);

    disputed(gateways.sender().transfer());
    assertThat(dispute(gateways, Role.SENDER))
        .startsWith("this gateway's log lacks its own COMMIT_PREPARE #4");
    gateways.send(Role.SENDER, Way.OPEN);
    disputed(gateways.recipient().transfer());
    nothingIsDone(gateways);
  }

  /** The peer lost its answer, which this side holds. */
  @Test
  void aPeersLogThatLacksItsOwnWordsIsDisputed() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.recipient().loseEntries(3);

    gateways.take(Role.SENDER, new Input.Recovered());
    gateways.send(Role.SENDER, Way.OPEN);

    assertThat(dispute(gateways, Role.SENDER))
        .startsWith("the peer's log lacks its own TRANSFER_COMMENCE_ACK #2");
    gateways.send(Role.SENDER, Way.OPEN);
    nothingIsDone(gateways);
  }

  /** Two answers to one request: one of them should not exist. */
  @Test
  void anotherAnswerInTheSamePlaceIsDisputed() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.recipient().loseEntries(3);
    gateways.advance(1_000);
    assertThat(gateways.sendOnceMore(Role.SENDER, MessageType.INITIALIZATION_REQUEST))
        .isInstanceOf(Step.Accepted.class);

    gateways.take(Role.SENDER, new Input.Recovered());
    gateways.send(Role.SENDER, Way.OPEN);

    assertThat(dispute(gateways, Role.SENDER))
        .startsWith("the peer's log has another INITIALIZATION_RESPONSE #1 than this one");
  }

  /** What ends by itself, or can be canceled, is not for an operator to close. */
  @Test
  void anOperatorClosesWhatHasNoOtherEnd() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    Step early = gateways.take(Role.SENDER, new Input.Resolved("operator", "enough"));
    assertThat(reason(early)).isEqualTo(ErrorReason.ERROR_REASON_OUT_OF_ORDER);
    assertThat(Resolutions.rows(gateways.sender(), gateways.now())).isEmpty();

    Set<Rule> taken = Resolutions.everywhere();

    List<Rule> rows = new ArrayList<>();
    for (Role role : Role.values()) {
      TransferMachine.rules(role).stream()
          .filter(rule -> rule.on().equals(Trigger.RESOLVED))
          .forEach(rows::add);
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static void nothingIsDone(TwoGateways gateways) {
    for (Side side : List.of(gateways.sender(), gateways.recipient())) {
      disputed(side.transfer());
      assertThat(TransferMachine.pending(side.transfer())).isEmpty();
      assertThat(TransferMachine.nextTick(side.transfer(), Bargain.TIMING)).isEmpty();
      Step cancel = gateways.take(side.role(), new Input.Canceled("operator", "enough"));
      assertThat(reason(cancel)).isEqualTo(ErrorReason.ERROR_REASON_LOG_DISPUTED);
      assertThat(gateways.take(side.role(), new Input.Tick())).isInstanceOf(Step.Ignored.class);
      assertThat(gateways.take(side.role(), new Input.Recovered()))
          .isInstanceOf(Step.Ignored.class);
      Step resolved = gateways.take(side.role(), new Input.Resolved("operator", "settled"));
      assertThat(resolved).isInstanceOf(Step.Accepted.class);
      assertThat(side.transfer().state().name()).isEqualTo("RESOLVED");
    }
  }

  private static void disputed(Transfer transfer) {
    assertThat(transfer.disputed()).isTrue();
  }

  private static String dispute(TwoGateways gateways, Role role) {
    return gateways
        .side(role)
        .transfer()
        .session()
        .recovery()
        .dispute()
        .orElseThrow()
        .getDescription();
  }

  private static ErrorReason reason(Step step) {
    assertThat(step).isInstanceOf(Step.Refused.class);
    return ((Step.Refused) step).refusal().reason();
  }

  /** Does so many steps of a transfer; false when it has fewer. */
  private static boolean stepsDone(TwoGateways gateways, int steps) {
    for (int i = 0; i < steps; i++) {
      Optional<Role> ledger =
          List.of(Role.values()).stream()
              .filter(role -> gateways.side(role).pendingStep().isPresent())
              .findFirst();
      if (ledger.isPresent()) {
        gateways.ledger(ledger.get(), LedgerWay.OPEN);
      } else if (gateways.sender().pendingRequest().isPresent()) {
        gateways.send(Role.SENDER, Way.OPEN);
      } else {
        return false;
      }
    }
    return true;
  }
}
