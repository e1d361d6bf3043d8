package org.odap.core.transfer;

import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Session;
import org.odap.core.transfer.FakeLedger.Holding;

/** What must hold at every moment of one transfer, whatever has happened. */
public final class Invariants {
  private static final Set<SenderState> SENDER_GAVE_UP =
      Set.of(SenderState.ROLLING_BACK, SenderState.ROLLED_BACK, SenderState.REFUSED);
  private static final Set<RecipientState> RECIPIENT_GAVE_UP =
      Set.of(RecipientState.ROLLING_BACK, RecipientState.ROLLED_BACK, RecipientState.REFUSED);

  private Invariants() {}

  /**
   * What there is of a transfer at one moment.
   *
   * @param sender as the sender's log has it
   * @param recipient as the recipient's log has it
   * @param source its record on the sender's ledger
   * @param destination its record on the recipient's ledger
   * @param now what the sender's ledger's clock shows
   */
  public record Books(
      Transfer sender, Transfer recipient, FakeLedger source, FakeLedger destination, long now) {

    /** Whether it is over for both: one that the recipient never heard of is over for it. */
    public boolean ended() {
      return sender.state().ended()
          && (recipient.state().ended() || recipient.state() == RecipientState.UNOPENED);
    }
  }

  /** The first of them that does not hold. */
  public static Optional<String> fault(Books books) {
    State sender = books.sender().state();
    State recipient = books.recipient().state();
    Holding source = books.source().holdsAsSource(books.now());
    boolean created = books.destination().holdsAsDestination() == Holding.FREE;
    boolean extinguished = source == Holding.NOTHING;
    boolean senderEndedWithout = sender.ended() && gaveUp(sender);
    if (created && !extinguished) {
      return Optional.of("the asset is on both ledgers");
    }
    if (extinguished && (gaveUp(sender) || gaveUp(recipient))) {
      return Optional.of("given up after the commit point");
    }
    if (sender == SenderState.COMPLETED && recipient != RecipientState.COMPLETED) {
      return Optional.of("the sender was told of an end that is none");
    }
    if (recipient == RecipientState.COMPLETED && !created) {
      return Optional.of("the recipient has completed and the asset is nowhere");
    }
    if (senderEndedWithout && boundForEver(books.recipient())) {
      return Optional.of("the recipient is bound for ever");
    }
    if (senderEndedWithout && source != Holding.FREE) {
      return Optional.of("the sender has given up and the asset is still locked");
    }
    if (extinguished && !shown(books.recipient().session())) {
      return Optional.of("extinguished without a lock that was shown and a promise");
    }
    if (books.source().done().containsKey(LedgerStep.LEDGER_STEP_UNLOCK)
        && books.source().done().containsKey(LedgerStep.LEDGER_STEP_FINALIZE_LOCK)) {
      return Optional.of("both unlocked and extinguished");
    }
    if (books.ended() && created == (source == Holding.FREE)) {
      return Optional.of("all has ended and the asset is not on exactly one ledger");
    }
    return Optional.empty();
  }

  /** Whether the recipient has seen the lock and promised to create. */
  private static boolean shown(Session recipient) {
    return recipient.received(MessageType.LOCK_EVIDENCE).isPresent()
        && recipient
            .sent(
                recipient.isThreePhase()
                    ? MessageType.PRE_COMMIT_ACK
                    : MessageType.COMMIT_PREPARE_ACK)
            .isPresent();
  }

  /** After a vote in three-phase commit it still gives up alone at the expiry. */
  private static boolean boundForEver(Transfer recipient) {
    return recipient.state() == RecipientState.PRECOMMITTED
        || (recipient.state() == RecipientState.PREPARED && !recipient.session().isThreePhase());
  }

  private static boolean gaveUp(State state) {
    return state instanceof SenderState sender
        ? SENDER_GAVE_UP.contains(sender)
        : RECIPIENT_GAVE_UP.contains((RecipientState) state);
  }
}
