package org.odap.core.transfer;

import static org.odap.core.transfer.LogCommand.ACK_RECOVER;
import static org.odap.core.transfer.LogCommand.ACK_RECOVER_SUCCESS;
import static org.odap.core.transfer.LogCommand.EXEC_RECOVER;
import static org.odap.core.transfer.LogCommand.EXEC_RECOVER_SUCCESS;
import static org.odap.core.transfer.LogCommand.FAIL_RECOVER;
import static org.odap.core.transfer.LogCommand.INIT_RECOVER_SUCCESS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.RecoverSuccess;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.recovery.RecoveryFlow;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Exchange;
import org.odap.core.session.Recovery;
import org.odap.core.session.Session;

/**
 * What a recovery does to a transfer (recovery-01 4.3, figures 2 and 3). It runs beside the rules
 * of the transfer's state: the gateway that was away sends where its log ends, gets what it missed,
 * takes that as if it came in now, and says so. Whatever state the transfer is in, the steps are
 * these.
 */
final class Recoveries {
  private Recoveries() {}

  /** This side is back. A recovery that waits for its answer goes on with what was said then. */
  static Step begin(Situation situation) {
    Transfer transfer = situation.transfer();
    Recovery recovery = transfer.session().recovery();
    boolean sameKey = !situation.isForAnother();
    boolean underWay = recovery.open().isPresent() && sameKey;
    if (transfer.entries().isEmpty()
        || transfer.state().ended()
        || transfer.disputed()
        || (transfer.state() == SenderState.AWAITING_APPROVAL && sameKey)
        || underWay) {
      return new Step.Ignored();
    }
    return recover(situation, !sameKey);
  }

  /**
   * Whether the peer takes another replica of this gateway for the one that speaks: it has heard so
   * late from one that was replaced that it holds it for the newest.
   */
  static boolean isDisowned(Transfer transfer, Input.PeerRefused refused) {
    Recovery recovery = transfer.session().recovery();
    return refused.refusal().reason() == ErrorReason.ERROR_REASON_SESSION_NOT_YOURS
        && !transfer.entries().isEmpty()
        && !transfer.state().ended()
        && !transfer.disputed()
        && recovery.open().isEmpty()
        && !recovery.refused();
  }

  /** Says who speaks for this gateway: only the one that may write its log can. */
  static Step introduce(Situation situation) {
    return recover(situation, true);
  }

  private static Step recover(Situation situation, boolean backup) {
    Writing w = new Writing(situation);
    w.introduce(backup);
    return w.seal();
  }

  /** Takes a message about a recovery; it has passed its checks. */
  static Step take(Situation situation) {
    return switch (situation.message().type()) {
      case RECOVER -> answer(situation);
      case RECOVER_UPDATE -> update(situation);
      case RECOVER_SUCCESS -> acknowledge(situation);
      default -> taken(situation, ACK_RECOVER_SUCCESS);
    };
  }

  /** The peer would not hear of it: it has ended the session, or never heard of it. */
  static Step refused(Situation situation, Refusal refusal) {
    if (situation.session().recovery().open().isEmpty() || situation.transfer().state().ended()) {
      return new Step.Ignored();
    }
    Writing w = new Writing(situation);
    w.fail(FAIL_RECOVER, refusal.reason(), "the peer refused: " + refusal.description(), "peer");
    return w.seal();
  }

  /** Places a message about recovery by its number, which counts apart from those of the phases. */
  static MessageRules.Order order(Recovery recovery, OdapMessage message) {
    return message.type().request()
        ? orderOfRequest(recovery, message)
        : orderOfAnswer(recovery, message);
  }

  private static MessageRules.Order orderOfRequest(Recovery recovery, OdapMessage message) {
    Optional<OdapMessage> last = recovery.peerRequest().map(Exchange::request);
    if (last.filter(before -> before.hash().equals(message.hash())).isPresent()) {
      return new MessageRules.Order.Repeat();
    }
    int lastNumber = last.map(OdapMessage::sequenceNumber).orElse(0);
    return message.sequenceNumber() > lastNumber
        ? new MessageRules.Order.Next()
        : MessageRules.wrong(
            ErrorReason.ERROR_REASON_SEQUENCE_REUSED,
            "sequence_number: "
                + message.sequenceNumber()
                + " (expected: above "
                + lastNumber
                + ", the last of this gateway's recoveries)");
  }

  /** An answer to nothing that waits came late. */
  private static MessageRules.Order orderOfAnswer(Recovery recovery, OdapMessage message) {
    return recovery
            .open()
            .filter(open -> open.sequenceNumber() == message.sequenceNumber())
            .filter(open -> MessageRules.isAnswer(open.type(), message.type()))
            .isPresent()
        ? new MessageRules.Order.Next()
        : new MessageRules.Order.Repeat();
  }

  private static Step taken(Situation situation, LogCommand command) {
    Writing w = new Writing(situation);
    w.take(command);
    return w.seal();
  }

  private static Step answer(Situation situation) {
    Writing w = new Writing(situation);
    w.take(EXEC_RECOVER);
    w.say(
        ACK_RECOVER,
        RecoveryFlow.update(
            w.session(), situation.transfer().entries(), situation.message(), w.signer()));
    if (isUnheardOf(w.session())) {
      w.introduce(true);
    }
    return w.seal();
  }

  /**
   * Whether this side's backup said who it is where nobody knew the session yet: the peer, who has
   * it by now, can't believe what the backup signs.
   */
  private static boolean isUnheardOf(Session session) {
    return session.recovery().refused()
        && session.recovery().open().isEmpty()
        && !session.ownPubkey().equals(session.openingOwnPubkey());
  }

  private static Step acknowledge(Situation situation) {
    Writing w = new Writing(situation);
    w.take(EXEC_RECOVER_SUCCESS);
    w.say(ACK_RECOVER_SUCCESS, RecoveryFlow.ack(w.session(), situation.message(), w.signer()));
    if (!situation.message().as(RecoverSuccess.class).getSuccess()) {
      disputed(w, "the peer says that this gateway's log does not agree with its own");
    }
    return w.seal();
  }

  private static Step update(Situation situation) {
    List<LogEntry> log = situation.transfer().entries();
    OdapMessage update = situation.message();
    Optional<String> dispute = RecoveryFlow.disputesUpdate(situation.session(), log, update);
    if (dispute.isPresent()) {
      Writing w = new Writing(situation);
      w.take(ACK_RECOVER);
      disputed(w, dispute.get());
      confirm(w, Optional.empty());
      return w.seal();
    }
    Growth growth = new Growth(situation);
    growth.add(taken(situation, ACK_RECOVER));
    int before = growth.entries.size();
    for (OdapMessage news : RecoveryFlow.news(log, update)) {
      growth.add(
          TransferMachine.decide(
              growth.transfer,
              new Input.Received(news, situation.session().peerPubkey()),
              situation.gateway(),
              situation.now()));
    }
    // The log of a transfer that has ended by the news is closed; the peer's will be too.
    if (!growth.transfer.state().ended()) {
      Writing w = new Writing(growth.situation());
      confirm(w, Optional.of(growth.entries.size() - before));
      growth.add(w.seal());
    }
    return new Step.Accepted(growth.transfer, growth.entries);
  }

  private static void confirm(Writing w, Optional<Integer> entriesChanged) {
    w.say(
        INIT_RECOVER_SUCCESS,
        RecoveryFlow.success(w.session(), w.situation().message(), entriesChanged, w.signer()));
  }

  private static void disputed(Writing w, String why) {
    w.fail(
        FAIL_RECOVER,
        ErrorReason.ERROR_REASON_LOG_DISPUTED,
        why + ": compare both gateways' evidence, then resolve the transfer",
        "self");
  }

  /** Several steps that become one append. Owned by one call of {@link #update}. */
  private static final class Growth {
    private final Situation start;
    private final List<LogEntry> entries = new ArrayList<>();
    private Transfer transfer;

    Growth(Situation start) {
      this.start = start;
      this.transfer = start.transfer();
    }

    /** What is not accepted changes nothing: the peer will send it again in its own time. */
    void add(Step step) {
      if (step instanceof Step.Accepted accepted) {
        transfer = accepted.transfer();
        entries.addAll(accepted.entries());
      }
    }

    Situation situation() {
      return new Situation(transfer, start.input(), start.gateway(), start.now());
    }
  }
}
