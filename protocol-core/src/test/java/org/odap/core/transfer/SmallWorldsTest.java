package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.Failure;
import org.odap.core.attestation.Attestation;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.QuickSignatures;
import org.odap.core.rollback.RollbackFlow;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Competition.Both;
import org.odap.core.transfer.SmallWorld.Moment;
import org.odap.core.transfer.SmallWorld.Wish;
import org.odap.core.transfer.TwoGateways.LedgerWay;
import org.odap.core.transfer.TwoGateways.Way;

/**
 * Every order in which things can happen in small worlds: messages lost, doubled, late and out of
 * order, crashes anywhere, clocks that run on, people who change their minds, ledgers that refuse.
 * At each moment the asset is on exactly one ledger, or past the commit point on its way; from each
 * moment both transfers can still end; and they end the same way.
 */
@ExtendWith(QuickSignatures.class)
@Tag("2PC-8")
@Tag("2PC-10")
@Tag("ODAP-20")
class SmallWorldsTest {

  /** The clock's moments that matter to a transfer. */
  private static final long START = Messages.START;

  private static final long TOO_LATE_TO_LOCK =
      Messages.EXPIRY - Bargain.TIMING.lockMarginMillis() + 1;
  private static final long TOO_LATE_TO_PREPARE =
      Messages.EXPIRY - Bargain.TIMING.commitMarginMillis() + 1;
  private static final long TOO_LATE_TO_FINALIZE =
      Messages.EXPIRY - Bargain.TIMING.finalizeMarginMillis() + 1;
  private static final long TOO_LATE_TO_LOCK_3PC =
      TOO_LATE_TO_LOCK - Bargain.TIMING.preCommitMillis();
  private static final long TOO_LATE_TO_PREPARE_3PC =
      TOO_LATE_TO_PREPARE - Bargain.TIMING.preCommitMillis();
  private static final long EXPIRED = Messages.EXPIRY;

  /** When what the longest of several rounds proposed has expired. */
  private static final long EXPIRED_LONGER = Messages.EXPIRY + 3_600_000;

  /**
   * How a small world is set up.
   *
   * @param from where the sender stands when it begins
   * @param wishes what may come up, once each
   * @param hours what the clock may show
   */
  record World(
      String name,
      SenderState from,
      Input.Order order,
      Mood mood,
      Set<Wish> wishes,
      boolean ledgersRefuse,
      List<Long> hours) {
    World(String name, Mood mood, Set<Wish> wishes, boolean ledgersRefuse, List<Long> hours) {
      this(name, SenderState.PROPOSED, Bargain.unique(), mood, wishes, ledgersRefuse, hours);
    }

    /** The same world, which begins when the sender has come to a state. */
    World from(SenderState state) {
      return new World(name, state, order, mood, wishes, ledgersRefuse, hours);
    }

    SmallWorld begin(String session) {
      return new SmallWorld(
          session, from, order, mood, wishes, ledgersRefuse, hours, new Conduct());
    }

    /** The same world with three-phase commit ordered. */
    static World threePhase(String name, Set<Wish> wishes, List<Long> hours) {
      return new World(
          name, SenderState.PROPOSED, Bargain.threePhase(), Mood.AGREES, wishes, false, hours);
    }

    /** The same world in the InterTrust mode. */
    static World interTrust(
        String name, Set<Wish> wishes, boolean ledgersRefuse, List<Long> hours) {
      return new World(
          name, SenderState.PROPOSED, Members.order(), Mood.AGREES, wishes, ledgersRefuse, hours);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<World> worlds() {
    List<Long> untilExpiry = List.of(START, EXPIRED);
    List<Long> untilLongerExpiry = List.of(START, EXPIRED_LONGER);
    return Stream.of(
        new World(
            "the sender cancels or stalls",
            Mood.AGREES,
            Set.of(Wish.SENDER_CANCELS, Wish.SENDER_STALLS),
            false,
            untilExpiry),
        new World(
            "both cancel",
            Mood.AGREES,
            Set.of(Wish.SENDER_CANCELS, Wish.RECIPIENT_CANCELS),
            false,
            untilExpiry),
        new World(
            "the clock runs",
            Mood.AGREES,
            Set.of(),
            false,
            List.of(START, TOO_LATE_TO_LOCK, TOO_LATE_TO_PREPARE, TOO_LATE_TO_FINALIZE, EXPIRED)),
        new World("ledgers refuse", Mood.AGREES, Set.of(Wish.RECIPIENT_STALLS), true, untilExpiry),
        new World(
            "a person decides",
            Mood.ASKS_APPROVER,
            Set.of(Wish.APPROVER_APPROVES, Wish.APPROVER_DECLINES, Wish.RECIPIENT_CANCELS),
            false,
            untilExpiry),
        new World(
            "two persons decide",
            Mood.ASKS_TWO,
            Set.of(Wish.APPROVER_APPROVES, Wish.ANOTHER_APPROVES, Wish.APPROVER_DECLINES),
            false,
            untilExpiry),
        new World(
                "two persons decide about the order",
                Mood.ORDER_ASKS_TWO,
                Set.of(
                    Wish.ORDER_IS_APPROVED,
                    Wish.ORDER_IS_APPROVED_BY_ANOTHER,
                    Wish.ORDER_IS_APPROVED_BY_WHO_ORDERED,
                    Wish.ORDER_IS_DECLINED,
                    Wish.SENDER_CANCELS),
                false,
                List.of(START, START + 60_000, EXPIRED_LONGER))
            .from(SenderState.AWAITING_APPROVAL),
        new World(
                "a backup takes over while two persons decide about the order",
                Mood.ORDER_ASKS_TWO_IN_VAIN,
                Set.of(
                    Wish.ORDER_IS_APPROVED,
                    Wish.ORDER_IS_APPROVED_BY_ANOTHER,
                    Wish.SENDERS_BACKUP_TAKES_OVER),
                false,
                List.of(START, EXPIRED_LONGER))
            .from(SenderState.AWAITING_APPROVAL),
        new World(
            "a person decides about the second round",
            Mood.WANTS_LONGER_THEN_ASKS,
            Set.of(Wish.APPROVER_DECLINES),
            false,
            untilLongerExpiry),
        new World(
            "the second round is denied",
            Mood.WANTS_LONGER_THEN_DENIES,
            Set.of(),
            false,
            untilLongerExpiry),
        new World(
            "the rules change while a person decides",
            Mood.ASKS_UNTIL_HALF_TIME,
            Set.of(Wish.APPROVER_APPROVES),
            false,
            List.of(START, Bargain.HALF_TIME, EXPIRED)),
        new World(
            "the sender is back", Mood.AGREES, Set.of(Wish.SENDER_IS_BACK), false, List.of(START)),
        new World(
            "the recipient is back",
            Mood.AGREES,
            Set.of(Wish.RECIPIENT_IS_BACK),
            false,
            List.of(START)),
        new World(
            "the recipient's backup takes over",
            Mood.AGREES,
            Set.of(Wish.RECIPIENTS_BACKUP_TAKES_OVER),
            false,
            List.of(START)),
        new World(
            "the recipient's backup takes over and a person decides",
            Mood.ASKS_APPROVER,
            Set.of(Wish.RECIPIENTS_BACKUP_TAKES_OVER, Wish.APPROVER_APPROVES),
            false,
            List.of(START)),
        new World(
            "the recipient's backup takes over and wants another round",
            Mood.WANTS_LONGER,
            Set.of(Wish.RECIPIENTS_BACKUP_TAKES_OVER),
            false,
            List.of(START)),
        new World(
            "the recipient's backup takes over and denies",
            Mood.DENIES,
            Set.of(Wish.RECIPIENTS_BACKUP_TAKES_OVER, Wish.SENDER_CANCELS),
            false,
            untilExpiry),
        new World(
                "the sender's backup takes over phase 3 before the expiry",
                Mood.AGREES,
                Set.of(Wish.SENDERS_BACKUP_TAKES_OVER),
                false,
                untilExpiry)
            .from(SenderState.PREPARING),
        new World(
                "the recipient's backup takes over phase 3 before the expiry",
                Mood.AGREES,
                Set.of(Wish.RECIPIENTS_BACKUP_TAKES_OVER),
                false,
                untilExpiry)
            .from(SenderState.PREPARING),
        new World(
                "both are back in phase 3",
                Mood.AGREES,
                Set.of(Wish.SENDER_IS_BACK, Wish.RECIPIENT_IS_BACK),
                false,
                List.of(START))
            .from(SenderState.PREPARING),
        new World(
                "the sender is back in phase 3 before the expiry",
                Mood.AGREES,
                Set.of(Wish.SENDER_IS_BACK),
                false,
                untilExpiry)
            .from(SenderState.PREPARING),
        World.threePhase(
            "three phases: the clock runs",
            Set.of(),
            List.of(
                START,
                TOO_LATE_TO_LOCK_3PC,
                TOO_LATE_TO_PREPARE_3PC,
                TOO_LATE_TO_PREPARE,
                TOO_LATE_TO_FINALIZE,
                EXPIRED)),
        World.threePhase(
            "three phases: both cancel",
            Set.of(Wish.SENDER_CANCELS, Wish.RECIPIENT_CANCELS),
            untilExpiry),
        World.threePhase(
            "three phases: the sender stalls", Set.of(Wish.SENDER_STALLS), untilExpiry),
        World.threePhase(
            "three phases: the recipient is back", Set.of(Wish.RECIPIENT_IS_BACK), List.of(START)),
        World.interTrust(
            "InterTrust: the clock runs and both cancel",
            Set.of(Wish.SENDER_CANCELS, Wish.RECIPIENT_CANCELS),
            false,
            untilExpiry),
        World.interTrust(
            "InterTrust: ledgers refuse", Set.of(Wish.RECIPIENT_STALLS), true, untilExpiry),
        World.interTrust(
            "InterTrust: the recipient is back",
            Set.of(Wish.RECIPIENT_IS_BACK),
            false,
            List.of(START)),
        new World("several rounds", Mood.WANTS_LONGER, Set.of(), false, untilLongerExpiry),
        new World(
            "no round is enough",
            Mood.HAGGLES,
            Set.of(Wish.SENDER_CANCELS),
            false,
            untilLongerExpiry),
        new World(
            "denied",
            Mood.DENIES,
            Set.of(Wish.SENDER_CANCELS, Wish.SENDER_STALLS),
            false,
            untilExpiry));
  }

  /** Pairs of transfers of one asset; the second is another session. */
  record Contest(String name, World one, World other) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Contest> contests() {
    World plain = new World("", Mood.AGREES, Set.of(), false, List.of(START));
    World canceled = new World("", Mood.AGREES, Set.of(Wish.SENDER_CANCELS), false, List.of(START));
    World expiring = new World("", Mood.AGREES, Set.of(), false, List.of(START, EXPIRED));
    World outlasting =
        new World(
            "",
            SenderState.PROPOSED,
            Bargain.longer(),
            Mood.AGREES,
            Set.of(),
            false,
            List.of(START, EXPIRED));
    return Stream.of(
        new Contest("two transfers of one asset", plain, plain),
        new Contest("the first of two may be canceled", canceled, plain),
        new Contest("either of two may be canceled", canceled, canceled),
        new Contest(
            "the first has locked the asset, its lock may expire",
            expiring.from(SenderState.PREPARING),
            outlasting));
  }

  private static final String OTHER_SESSION = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

  /** Fewer would not show what the exploration is for. */
  private static final int MOMENTS_MIN = 1_000_000;

  /**
   * What is said of a recovery names the log's length and end. Here many logs count as one, and so
   * the evidence of recoveries is not verified here but where each log is kept as it was written.
   */
  private static final Set<Wish> RECOVERIES =
      Set.of(
          Wish.SENDER_IS_BACK,
          Wish.RECIPIENT_IS_BACK,
          Wish.SENDERS_BACKUP_TAKES_OVER,
          Wish.RECIPIENTS_BACKUP_TAKES_OVER);

  private static final EndEvidence EVIDENCE =
      new EndEvidence(Messages.frame(), Map.of(Role.SENDER, Set.of(), Role.RECIPIENT, Set.of()));
  private static final Set<Rule> RULES_TAKEN = new HashSet<>();
  private static final Set<String> EXPLORED = new HashSet<>();
  private static int moments;
  private static int bundles;

  @ParameterizedTest(name = "{0}")
  @MethodSource("worlds")
  void whateverHappensBothSidesEndTheSameWay(World world) {
    SmallWorld small = world.begin(Messages.SESSION);
    Exploration<Moment> exploration = new Exploration<>(small);
    explored(world.name(), exploration.run());
    if (Collections.disjoint(world.wishes(), RECOVERIES)) {
      exploration.ends(new Evidenced(small)::fault);
    }
    RULES_TAKEN.addAll(small.rulesTaken());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contests")
  void ofTransfersOfOneAssetOneSucceedsAtMost(Contest contest) {
    SmallWorld one = contest.one().begin(Messages.SESSION);
    SmallWorld other = contest.other().begin(OTHER_SESSION);
    Competition competition = new Competition(one, other);
    Exploration<Both> exploration = new Exploration<>(competition);
    explored(contest.name(), exploration.run());
    Evidenced first = new Evidenced(one);
    Evidenced second = new Evidenced(other);
    Set<Boolean> succeeded = new HashSet<>();
    exploration.ends(moment -> {
      Moment ofOne = competition.first(moment);
      Moment ofOther = competition.second(moment);
      succeeded.add(one.sender(ofOne).state() == SenderState.COMPLETED);
      return first.fault(ofOne).or(() -> second.fault(ofOther));
    });
    assertThat(succeeded).as("the first can succeed, and can fail").containsExactly(false, true);
  }

  private static void explored(String name, int found) {
    System.out.printf("%,9d moments: %s%n", found, name);
    moments += found;
    EXPLORED.add(name);
  }

  /**
   * The evidence at the ends of one world, verified once for each pair of transfers. Each stands
   * for all that differ from it in nothing but times, and in the order of entries that do not
   * depend on each other.
   */
  private static final class Evidenced {
    private final SmallWorld world;
    private final Map<List<Integer>, Optional<String>> faults = new HashMap<>();

    Evidenced(SmallWorld world) {
      this.world = world;
    }

    Optional<String> fault(Moment moment) {
      return faults.computeIfAbsent(
          List.of(moment.sender(), moment.recipient()),
          pair -> {
            bundles++;
            return EVIDENCE.fault(world.sender(moment), world.recipient(moment));
          });
    }
  }

  /** Gateways that keep to the rules never do this: no small world has it. */
  @Test
  void aRollbackAfterTheCommitPointIsRefused() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    List<Runnable> steps =
        List.of(
            () -> gateways.send(Role.SENDER, Way.OPEN),
            () -> gateways.ledger(Role.SENDER, LedgerWay.OPEN),
            () -> gateways.send(Role.SENDER, Way.OPEN),
            () -> gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN),
            () -> gateways.send(Role.SENDER, Way.OPEN),
            () -> gateways.ledger(Role.SENDER, LedgerWay.OPEN));
    for (Runnable step : steps) {
      step.run();
      refusesRollback(gateways, Role.SENDER);
      if (gateways.recipient().transfer().state() != RecipientState.PREPARED) {
        refusesRollback(gateways, Role.RECIPIENT);
      }
    }
    gateways.run();
    gateways.end();
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    RULES_TAKEN.addAll(gateways.sender().rulesTaken());
    RULES_TAKEN.addAll(gateways.recipient().rulesTaken());
  }

  private static void refusesRollback(TwoGateways gateways, Role role) {
    Role liar = role.peer();
    OdapMessage rollback =
        RollbackFlow.rollback(
            gateways.side(liar).transfer().session(),
            Failure.newBuilder().setReason(ErrorReason.ERROR_REASON_CANCELED).build(),
            Bargain.signer(liar));
    Step step = gateways.take(role, new Input.Received(rollback, Bargain.signer(liar).publicKey()));
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Refused.class,
            refused ->
                assertThat(refused.refusal().reason())
                    .isEqualTo(ErrorReason.ERROR_REASON_PAST_COMMIT_POINT));
  }

  /** No small world asks what machine a gateway has: here each is not content from some time on. */
  @ParameterizedTest
  @EnumSource(names = {"ERROR_REASON_ATTESTATION_REQUIRED", "ERROR_REASON_ATTESTATION_REFUSED"})
  void aMachineThatIsNotAttestedAnyMoreGetsNoFurther(ErrorReason reason) {
    for (Input.Order order : List.of(Bargain.unique(), Bargain.threePhase(), Members.order())) {
      for (Mood mood : List.of(Mood.AGREES, Mood.ORDER_ASKS_TWO)) {
        for (Role by : Role.values()) {
          Set<SenderState> ends = new HashSet<>();
          for (int good = 0; good < 60; good++) {
            ends.add(endOf(failingAfter(good, reason), by, mood, order));
          }
          assertThat(ends)
              .contains(SenderState.ROLLED_BACK, SenderState.COMPLETED)
              .isSubsetOf(SenderState.ROLLED_BACK, SenderState.COMPLETED, SenderState.REFUSED);
        }
      }
    }
  }

  private static Attestation failingAfter(int good, ErrorReason reason) {
    AtomicInteger left = new AtomicInteger(good);
    return (about, now) ->
        left.getAndDecrement() > 0
            ? new Attestation.Standing.Fine("")
            : new Attestation.Standing.Failed(reason, "pcr_values: not as they were");
  }

  private static SenderState endOf(Attestation gate, Role by, Mood mood, Input.Order order) {
    TwoGateways gateways =
        new TwoGateways(
            Bargain.policy(mood),
            by == Role.SENDER ? gate : Attestation.UNASKED,
            by == Role.RECIPIENT ? gate : Attestation.UNASKED);
    gateways.take(Role.SENDER, order);
    gateways.take(Role.SENDER, new Input.Approved("first"));
    gateways.take(Role.SENDER, new Input.Approved("second"));
    gateways.run();
    RULES_TAKEN.addAll(gateways.sender().rulesTaken());
    RULES_TAKEN.addAll(gateways.recipient().rulesTaken());
    return (SenderState) gateways.sender().transfer().state();
  }

  /** Not when somebody runs one world alone. */
  @AfterAll
  static void everyRuleWasTaken() {
    if (EXPLORED.size() == worlds().count() + contests().count()) {
      System.out.printf(
          "%,9d moments in %d worlds, evidence of %,d ends verified%n",
          moments, EXPLORED.size(), bundles);
      assertThat(moments).isGreaterThanOrEqualTo(MOMENTS_MIN);
      // No world has an operator: what closes a transfer by hand ends the two sides differently.
      RULES_TAKEN.addAll(Resolutions.everywhere());
      assertThat(
              Arrays.stream(Role.values())
                  .flatMap(role -> TransferMachine.rules(role).stream())
                  .filter(rule -> !RULES_TAKEN.contains(rule))
                  .map(RuleTable::name))
          .as("rows that no world has come to")
          .isEmpty();
    }
  }
}
