package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CANCELED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_DISPUTED;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_CREATE;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_FINALIZE_LOCK;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_UNLOCK;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_WITHDRAW;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.QuickSignatures;
import org.odap.core.recovery.RecoveryFlow;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.SmallWorld.Wish;

/**
 * Shows that the exploration of small worlds bites: each fault below, put into gateways or ledgers
 * that are right otherwise, is found in a world that is sound without it.
 */
@ExtendWith(QuickSignatures.class)
@Tag("2PC-8")
@Tag("OURS-2")
class DeliberateFaultsTest {
  private static final List<Long> ONE_HOUR = List.of(Messages.START);
  private static final List<Long> UNTIL_EXPIRY = List.of(Messages.START, Messages.EXPIRY);

  private static final String GIVEN_UP_TOO_LATE = "given up after the commit point";
  private static final String ON_BOTH = "the asset is on both ledgers";
  private static final String STILL_LOCKED =
      "the sender has given up and the asset is still locked";
  private static final String NO_END = "this can never end";

  /** What is done wrong, where it shows, and what the exploration says of it. */
  @SuppressWarnings("ImmutableEnumChecker") // Nothing of a fault ever changes.
  enum Fault {
    SENDER_ACTS_BEFORE_IT_LOGS(
        STILL_LOCKED, UNTIL_EXPIRY, actingFirst(Role.SENDER), Wish.SENDER_CANCELS),
    RECIPIENT_ACTS_BEFORE_IT_LOGS(
        "extinguished without a lock that was shown and a promise",
        UNTIL_EXPIRY,
        actingFirst(Role.RECIPIENT),
        Wish.RECIPIENT_CANCELS),
    RECIPIENT_CREATES_ON_ITS_PROMISE(ON_BOTH, ONE_HOUR, new CreatesEarly()),
    RECIPIENT_BREAKS_ITS_PROMISE(
        GIVEN_UP_TOO_LATE,
        UNTIL_EXPIRY,
        writing(
            on(RecipientState.PREPARED, Input.Tick.class).and(DeliberateFaultsTest::expired),
            w -> givesUp(w, LogCommand.EXEC_WITHDRAW, LEDGER_STEP_WITHDRAW))),
    SENDER_GIVES_UP_WHEN_EXTINGUISHED(
        GIVEN_UP_TOO_LATE,
        ONE_HOUR,
        writing(
            on(SenderState.COMMITTING, Input.Canceled.class),
            w -> givesUp(w, LogCommand.EXEC_UNLOCK, LEDGER_STEP_UNLOCK)),
        Wish.SENDER_CANCELS),
    SENDER_GIVES_UP_WHILE_EXTINGUISHING(
        GIVEN_UP_TOO_LATE,
        UNTIL_EXPIRY,
        writing(
            on(SenderState.FINALIZING, Input.Tick.class).and(DeliberateFaultsTest::expired),
            w -> givesUp(w, LogCommand.EXEC_UNLOCK, LEDGER_STEP_UNLOCK))),
    SENDER_FORGETS_TO_UNLOCK(
        STILL_LOCKED,
        ONE_HOUR,
        writing(
            on(SenderState.EVIDENCING, Input.Canceled.class),
            w -> w.tellPeer(w.fail(LogCommand.FAIL_TRANSFER, ERROR_REASON_CANCELED, "", "client"))),
        Wish.SENDER_CANCELS),
    SENDER_FORGETS_TO_TELL(
        "the recipient is bound for ever",
        ONE_HOUR,
        writing(
            on(SenderState.PREPARING, Input.Canceled.class),
            w -> {
              w.fail(LogCommand.FAIL_TRANSFER, ERROR_REASON_CANCELED, "", "client");
              w.begin(LogCommand.EXEC_UNLOCK, LEDGER_STEP_UNLOCK);
              w.fail(LogCommand.FAIL_ROLLBACK, ERROR_REASON_CANCELED, "", "self");
            }),
        Wish.SENDER_CANCELS),
    SENDER_ENDS_ON_THE_NEWS_OF_CREATION(
        "the sender was told of an end that is none",
        ONE_HOUR,
        writing(
            received(SenderState.COMMITTING, MessageType.COMMIT_FINAL_ACK),
            w -> {
              w.take(LogCommand.ACK_COMMIT_FINAL);
              w.note(LogCommand.ACK_TRANSFER_COMPLETE, Failure.getDefaultInstance());
            })),
    SENDER_NEVER_SHOWS_THE_EXTINGUISHMENT(NO_END, ONE_HOUR, idleIn(SenderState.COMMITTING)),
    RECIPIENT_NEVER_CREATES(NO_END, ONE_HOUR, idleIn(RecipientState.CREATING)),
    RECIPIENT_NEVER_ANNOUNCES(NO_END, ONE_HOUR, idleIn(RecipientState.ANNOUNCING)),
    LEDGER_ONLY_SAYS_THAT_IT_UNLOCKED(
        STILL_LOCKED, ONE_HOUR, lyingAbout(LEDGER_STEP_UNLOCK), Wish.SENDER_CANCELS),
    LEDGER_ONLY_SAYS_THAT_IT_EXTINGUISHED(ON_BOTH, ONE_HOUR, lyingAbout(LEDGER_STEP_FINALIZE_LOCK)),
    LEDGER_ONLY_SAYS_THAT_IT_CREATED(
        "the recipient has completed and the asset is nowhere",
        ONE_HOUR,
        lyingAbout(LEDGER_STEP_CREATE)),
    ANSWERING_SIDE_JUDGES_A_RECOVERY(
        NO_END,
        ONE_HOUR,
        writing(
            DeliberateFaultsTest::endsElsewhere,
            w -> {
              w.take(LogCommand.EXEC_RECOVER);
              w.say(
                  LogCommand.ACK_RECOVER,
                  RecoveryFlow.update(
                      w.session(),
                      w.situation().transfer().entries(),
                      w.situation().message(),
                      w.signer()));
              w.fail(LogCommand.FAIL_RECOVER, ERROR_REASON_LOG_DISPUTED, "", "self");
            }),
        Wish.RECIPIENT_IS_BACK);

    private final String finding;
    private final List<Long> hours;
    private final Conduct conduct;
    private final Set<Wish> wishes;

    Fault(String finding, List<Long> hours, Conduct conduct, Wish... wishes) {
      this.finding = finding;
      this.hours = hours;
      this.conduct = conduct;
      this.wishes = Set.of(wishes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFound(Fault fault) {
    SmallWorld world = new SmallWorld(Mood.AGREES, fault.wishes, false, fault.hours, fault.conduct);

    Throwable finding = catchThrowable(() -> new Exploration<>(world).run());

    assertThat(finding).isInstanceOf(AssertionError.class).hasMessageStartingWith(fault.finding);
  }

  private static Predicate<Situation> on(State state, Class<? extends Input> input) {
    return s -> s.transfer().state() == state && input.isInstance(s.input());
  }

  private static Predicate<Situation> received(State state, MessageType type) {
    return on(state, Input.Received.class).and(s -> s.message().type() == type);
  }

  private static boolean expired(Situation s) {
    return s.millisLeft() <= 0;
  }

  /** A Recover of a log that ends with another message than this side's. */
  private static boolean endsElsewhere(Situation s) {
    return s.input() instanceof Input.Received received
        && received.message().type() == MessageType.RECOVER
        && !s.session().lastHash().equals(received.message().previousHash());
  }

  private static void givesUp(Writing w, LogCommand exec, LedgerStep step) {
    Failure failure = w.fail(LogCommand.FAIL_TRANSFER, ERROR_REASON_CANCELED, "enough", "self");
    w.begin(exec, step);
    w.tellPeer(failure);
  }

  private static Conduct actingFirst(Role faulty) {
    return new Conduct() {
      @Override
      boolean logsFirst(Role role) {
        return role != faulty;
      }
    };
  }

  /** A gateway that writes this, whatever it should write. */
  private static Conduct writing(Predicate<Situation> when, Consumer<Writing> write) {
    return new Conduct() {
      @Override
      Step decide(Transfer transfer, Input input, GatewaySetting setting, long now) {
        Step right = super.decide(transfer, input, setting, now);
        Situation situation = new Situation(transfer, input, setting, now);
        if (right instanceof Step.Duplicate || !when.test(situation)) {
          return right;
        }
        Writing w = new Writing(situation);
        write.accept(w);
        return w.seal();
      }
    };
  }

  /** A gateway that does nothing in a state. */
  private static Conduct idleIn(State state) {
    return new Conduct() {
      @Override
      List<Effect> pending(Transfer transfer) {
        return transfer.state() == state ? List.of() : super.pending(transfer);
      }
    };
  }

  /** A ledger that says it did a step, and did not. */
  private static Conduct lyingAbout(LedgerStep lie) {
    return new Conduct() {
      @Override
      FakeLedger.Answered perform(FakeLedger ledger, LedgerStep step, Message request, long now) {
        FakeLedger.Answered answered = super.perform(ledger, step, request, now);
        return step == lie ? new FakeLedger.Answered(ledger, answered.answer()) : answered;
      }
    };
  }

  /** A recipient that does not wait to be shown the extinguishment. */
  private static final class CreatesEarly extends Conduct {
    @Override
    List<Effect> pending(Transfer transfer) {
      List<Effect> effects = new ArrayList<>(super.pending(transfer));
      if (transfer.state() == RecipientState.PREPARED) {
        effects.add(
            new Effect.PerformStep(
                LEDGER_STEP_CREATE,
                transfer.session().ownDlt(),
                CreateFromTransferRequest.getDefaultInstance()));
      }
      return effects;
    }
  }
}
