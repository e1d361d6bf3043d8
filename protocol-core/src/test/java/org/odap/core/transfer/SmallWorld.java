package org.odap.core.transfer;

import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.QuickSignatures;
import org.odap.core.session.Role;
import org.odap.core.session.Session;

/**
 * A world of two gateways, their ledgers and a clock, small enough to look at everything that can
 * happen in it.
 *
 * <p>Nothing that is on its way is ever used up: a request, an answer, an order for a ledger and
 * its answer may come in at any later moment, any number of times, or never. That is loss,
 * doubling, delay and reordering in one. A crash loses only what is not in the log, and nothing
 * here depends on that: an effect once ordered may be done again at any moment, as after a restart,
 * and also late, as if it had left before the crash.
 *
 * <p>What is equal is kept once and known by its number, so that each decision is made once.
 */
final class SmallWorld implements Explored<SmallWorld.Moment> {
  private static final Set<LedgerStep> COMMITS_TO_NOTHING =
      Set.of(
          LedgerStep.LEDGER_STEP_LOCK,
          LedgerStep.LEDGER_STEP_LOG_INCOMING,
          LedgerStep.LEDGER_STEP_RECORD_LOCATION);

  /** What people, or the gateways' patience, can come up with once each. */
  enum Wish {
    SENDER_CANCELS(Role.SENDER, 0),
    RECIPIENT_CANCELS(Role.RECIPIENT, 1),
    APPROVER_APPROVES(Role.RECIPIENT, 2),
    APPROVER_DECLINES(Role.RECIPIENT, 3),
    SENDER_STALLS(Role.SENDER, 4),
    RECIPIENT_STALLS(Role.RECIPIENT, 5),
    SENDER_IS_BACK(Role.SENDER, 6),
    RECIPIENT_IS_BACK(Role.RECIPIENT, 7),
    SENDERS_BACKUP_TAKES_OVER(Role.SENDER, 8),
    RECIPIENTS_BACKUP_TAKES_OVER(Role.RECIPIENT, 9),
    ORDER_IS_APPROVED(Role.SENDER, 10),
    ORDER_IS_APPROVED_BY_ANOTHER(Role.SENDER, 11),
    ORDER_IS_APPROVED_BY_WHO_ORDERED(Role.SENDER, 12),
    ORDER_IS_DECLINED(Role.SENDER, 13),
    ANOTHER_APPROVES(Role.RECIPIENT, 14);

    private final Role role;
    private final int number;

    Wish(Role role, int number) {
      this.role = role;
      this.number = number;
    }

    private boolean byBackup() {
      return this == SENDERS_BACKUP_TAKES_OVER || this == RECIPIENTS_BACKUP_TAKES_OVER;
    }

    private Input input() {
      return switch (this) {
        case SENDER_CANCELS, RECIPIENT_CANCELS -> new Input.Canceled("operator", "enough");
        case APPROVER_APPROVES, ORDER_IS_APPROVED -> new Input.Approved("approver");
        case ANOTHER_APPROVES, ORDER_IS_APPROVED_BY_ANOTHER -> new Input.Approved("another");
        case ORDER_IS_APPROVED_BY_WHO_ORDERED -> new Input.Approved(Bargain.CLIENT);
        case APPROVER_DECLINES, ORDER_IS_DECLINED -> new Input.Declined("approver", "no");
        case SENDER_STALLS, RECIPIENT_STALLS ->
            new Input.Stalled(ErrorReason.ERROR_REASON_PEER_UNREACHABLE, "silence");
        case SENDER_IS_BACK,
            RECIPIENT_IS_BACK,
            SENDERS_BACKUP_TAKES_OVER,
            RECIPIENTS_BACKUP_TAKES_OVER ->
            new Input.Recovered();
      };
    }
  }

  /**
   * One moment; all but the last two are numbers of what this world keeps.
   *
   * @param onTheWay the set of what was ever sent or ordered
   * @param hour which of the moments the clock shows
   * @param wishes those that may still come up, a bit each
   */
  record Moment(
      int sender, int recipient, int source, int destination, int onTheWay, int hour, int wishes) {}

  /** Something on its way to a side. */
  private sealed interface Way {}

  /** A message for a gateway, or a ledger's answer. */
  private record ToGateway(Role role, Input input) implements Way {}

  /** A refusal for the gateway that asked; one that a backup has replaced does not hear it. */
  private record ToAsker(Role role, String pubkey, Input.PeerRefused input) implements Way {}

  /** An order for a ledger. */
  private record ToLedger(Role role, LedgerStep step, Message request) implements Way {}

  /** What an input leads to: a transfer, and what goes out because of it. */
  private record Outcome(int transfer, int out) {}

  /** What an order leads to; the answer is a set of one. */
  private record LedgerOutcome(int ledger, int answer) {}

  private record Asked(int who, int what, int hour) {}

  private final String session;
  private final SenderState from;
  private final Input.Order order;
  private final Map<Role, GatewaySetting> settings = new HashMap<>();
  private final Map<Role, GatewaySetting> backups = new HashMap<>();
  private final Conduct conduct;
  private final List<Long> hours;
  private final Set<Wish> wishes;
  private final boolean ledgersRefuse;

  private final List<Transfer> transfers = new ArrayList<>();
  private final Map<List<Object>, Integer> transferNumbers = new HashMap<>();
  private final List<FakeLedger> ledgers = new ArrayList<>();
  private final Map<FakeLedger, Integer> ledgerNumbers = new HashMap<>();
  private final List<Way> ways = new ArrayList<>();
  private final Map<List<Object>, Integer> wayNumbers = new HashMap<>();
  private final WaySets sets = new WaySets();
  private final Map<Asked, Outcome> decided = new HashMap<>();
  private final Map<Asked, LedgerOutcome> performed = new HashMap<>();
  private final Set<Rule> rulesTaken = new HashSet<>();

  /**
   * Sets a world up.
   *
   * @param session id of the transfer
   * @param from where the sender stands when it begins, come to by the shortest way; what was said
   *     before does not come again
   * @param order what the sender's client orders
   * @param wishes what may come up, once each
   * @param ledgersRefuse whether ledgers may refuse, for reasons of their own, steps that commit to
   *     nothing
   * @param hours the moments the clock shows, in order; UNIX milliseconds
   * @param conduct how gateways and ledgers behave
   */
  SmallWorld(
      String session,
      SenderState from,
      Input.Order order,
      Bargain.Mood mood,
      Set<Wish> wishes,
      boolean ledgersRefuse,
      List<Long> hours,
      Conduct conduct) {
    this.session = session;
    this.from = from;
    this.order = order;
    for (Role role : Role.values()) {
      settings.put(role, quick(Bargain.setting(role, mood)));
      backups.put(role, quick(Bargain.backup(mood)));
    }
    this.conduct = conduct;
    this.wishes = Set.copyOf(wishes);
    this.ledgersRefuse = ledgersRefuse;
    this.hours = List.copyOf(hours);
  }

  /** The same with an order for a unique asset. */
  SmallWorld(
      Bargain.Mood mood,
      Set<Wish> wishes,
      boolean ledgersRefuse,
      List<Long> hours,
      Conduct conduct) {
    this(
        Messages.SESSION,
        SenderState.PROPOSED,
        Bargain.unique(),
        mood,
        wishes,
        ledgersRefuse,
        hours,
        conduct);
  }

  private static GatewaySetting quick(GatewaySetting setting) {
    return new GatewaySetting(
        QuickSignatures.signer(setting.signer().publicKey()), setting.timing(), setting.policy());
  }

  @Override
  public Moment start() {
    Moment ordered = ordered();
    Deque<Moment> open = new ArrayDeque<>(List.of(ordered));
    Set<Moment> seen = new HashSet<>(open);
    while (sender(open.getFirst()).state() != from) {
      next(
          open.remove(),
          false,
          after -> {
            if (after.wishes() == ordered.wishes() && seen.add(after)) {
              open.add(after);
            }
          });
    }
    Moment first = open.getFirst();
    BitSet waiting = new BitSet();
    for (Transfer transfer : List.of(sender(first), recipient(first))) {
      conduct.pending(transfer).forEach(effect -> waiting.set(number(way(transfer, effect))));
    }
    return new Moment(
        first.sender(),
        first.recipient(),
        first.source(),
        first.destination(),
        sets.number(waiting),
        first.hour(),
        first.wishes());
  }

  /** The moment after the order. */
  private Moment ordered() {
    int all = 0;
    for (Wish wish : wishes) {
      all |= 1 << wish.number;
    }
    Moment empty =
        new Moment(
            number(Transfer.unopened(Role.SENDER, Messages.frame(session))),
            number(Transfer.unopened(Role.RECIPIENT, Messages.frame(session))),
            number(FakeLedger.empty(Messages.SENDER_DLT, session)),
            number(FakeLedger.empty(Messages.RECIPIENT_DLT, session)),
            WaySets.NONE,
            0,
            all);
    return after(empty, Role.SENDER, order, -1, settings.get(Role.SENDER)).orElseThrow();
  }

  /** Rows that were taken so far. */
  Set<Rule> rulesTaken() {
    return rulesTaken;
  }

  Transfer sender(Moment moment) {
    return transfers.get(moment.sender());
  }

  Transfer recipient(Moment moment) {
    return transfers.get(moment.recipient());
  }

  FakeLedger source(Moment moment) {
    return ledgers.get(moment.source());
  }

  FakeLedger destination(Moment moment) {
    return ledgers.get(moment.destination());
  }

  long now(Moment moment) {
    return hours.get(moment.hour());
  }

  @Override
  public void next(Moment moment, Consumer<Moment> seen) {
    next(moment, false, seen);
    later(moment).ifPresent(seen);
  }

  /**
   * Shows every moment that can come next while the clock stands still.
   *
   * @param taken whether another transfer has locked or extinguished the asset
   */
  void next(Moment moment, boolean taken, Consumer<Moment> seen) {
    for (int way : sets.members(moment.onTheWay())) {
      arrive(moment, way, taken, seen);
    }
    for (Role role : Role.values()) {
      after(moment, role, new Input.Tick(), -2, seen);
    }
    for (Wish wish : wishes) {
      int bit = 1 << wish.number;
      if ((moment.wishes() & bit) != 0) {
        Moment wished = with(moment, moment.hour(), moment.wishes() & ~bit);
        if (wish.byBackup()) {
          after(wished, wish.role, wish.input(), -3 - wish.number, backups.get(wish.role))
              .ifPresent(seen);
        } else {
          after(wished, wish.role, wish.input(), -3 - wish.number, seen);
        }
      }
    }
  }

  /** The same moment when the clock shows the next hour. */
  Optional<Moment> later(Moment moment) {
    return moment.hour() + 1 < hours.size()
        ? Optional.of(with(moment, moment.hour() + 1, moment.wishes()))
        : Optional.empty();
  }

  @Override
  public Optional<String> fault(Moment moment) {
    return Invariants.fault(books(moment));
  }

  @Override
  public boolean ended(Moment moment) {
    return books(moment).ended();
  }

  private Invariants.Books books(Moment moment) {
    return new Invariants.Books(
        sender(moment), recipient(moment), source(moment), destination(moment), now(moment));
  }

  @Override
  public String difference(Moment before, Moment after) {
    List<String> words = new ArrayList<>();
    if (before.sender() != after.sender()) {
      words.add("sender is " + sender(after).state());
    }
    if (before.recipient() != after.recipient()) {
      words.add("recipient is " + recipient(after).state());
    }
    if (before.source() != after.source()) {
      words.add("source ledger is " + source(after).state());
    }
    if (before.destination() != after.destination()) {
      words.add("destination ledger is " + destination(after).state());
    }
    if (before.hour() != after.hour()) {
      words.add("it is " + now(after));
    }
    for (int way : sets.added(before.onTheWay(), after.onTheWay())) {
      words.add("on its way: " + name(ways.get(way)));
    }
    return String.join("; ", words);
  }

  private void arrive(Moment moment, int number, boolean taken, Consumer<Moment> seen) {
    switch (ways.get(number)) {
      case ToGateway way -> {
        after(moment, way.role(), way.input(), number, seen);
        byBackup(moment, way, number, seen);
      }
      case ToAsker way -> {
        Transfer asker = way.role() == Role.SENDER ? sender(moment) : recipient(moment);
        if (asker.session().ownPubkey().equals(way.pubkey())) {
          after(moment, way.role(), way.input(), number, seen);
        }
      }
      case ToLedger way -> {
        int ledger = way.role() == Role.SENDER ? moment.source() : moment.destination();
        boolean first = !ledgers.get(ledger).done().containsKey(way.step());
        if (taken && first && way.step() == LedgerStep.LEDGER_STEP_LOCK) {
          refused(moment, ledger, way, ErrorReason.ERROR_REASON_ASSET_LOCKED).ifPresent(seen);
          return;
        }
        LedgerOutcome outcome =
            performed.computeIfAbsent(
                new Asked(ledger, number, moment.hour()),
                asked -> perform(ledger, way, now(moment)));
        with(moment, way.role(), outcome).ifPresent(seen);
        if (ledgersRefuse && first && COMMITS_TO_NOTHING.contains(way.step())) {
          refused(moment, ledger, way, ErrorReason.ERROR_REASON_LEDGER_REFUSED).ifPresent(seen);
        }
      }
    }
  }

  /** Whom a proposal names may be gone before it took it: then it reaches the backup instead. */
  private void byBackup(Moment moment, ToGateway way, int number, Consumer<Moment> seen) {
    int bit = 1 << Wish.RECIPIENTS_BACKUP_TAKES_OVER.number;
    if (way.role() == Role.RECIPIENT
        && recipient(moment).state() == RecipientState.UNOPENED
        && (moment.wishes() & bit) != 0) {
      after(
              with(moment, moment.hour(), moment.wishes() & ~bit),
              way.role(),
              way.input(),
              Integer.MIN_VALUE + number,
              backups.get(way.role()))
          .ifPresent(seen);
    }
  }

  private Optional<Moment> refused(Moment moment, int ledger, ToLedger way, ErrorReason reason) {
    Input refusal = ledgers.get(ledger).refuse(way.step(), reason).answer();
    int answer = number(new ToGateway(way.role(), refusal));
    return with(moment, way.role(), new LedgerOutcome(ledger, sets.single(answer)));
  }

  private LedgerOutcome perform(int ledger, ToLedger way, long now) {
    FakeLedger.Answered answered =
        conduct.perform(ledgers.get(ledger), way.step(), way.request(), now);
    return new LedgerOutcome(
        number(answered.ledger()),
        sets.single(number(new ToGateway(way.role(), answered.answer()))));
  }

  private void after(Moment moment, Role role, Input input, int number, Consumer<Moment> seen) {
    Transfer transfer = role == Role.SENDER ? sender(moment) : recipient(moment);
    GatewaySetting backup = backups.get(role);
    boolean takenOver = transfer.session().ownPubkey().equals(backup.signer().publicKey());
    GatewaySetting setting = takenOver ? backup : settings.get(role);
    Optional<Moment> after = after(moment, role, input, number, setting);
    after.ifPresent(seen);
    if (!conduct.logsFirst(role)) {
      after.map(gone -> forgotten(moment, gone)).ifPresent(seen);
    }
  }

  /** What was to be done is under way, and a crash came before it was logged. */
  private static Moment forgotten(Moment before, Moment after) {
    return new Moment(
        before.sender(),
        before.recipient(),
        after.source(),
        after.destination(),
        after.onTheWay(),
        after.hour(),
        after.wishes());
  }

  /** The moment after an input; empty when it changes nothing. */
  private Optional<Moment> after(
      Moment moment, Role role, Input input, int number, GatewaySetting setting) {
    int before = role == Role.SENDER ? moment.sender() : moment.recipient();
    Outcome outcome =
        decided.computeIfAbsent(
            new Asked(before, number, moment.hour()),
            asked -> decide(transfers.get(before), input, now(moment), setting));
    boolean sender = role == Role.SENDER;
    Moment after =
        new Moment(
            sender ? outcome.transfer() : moment.sender(),
            sender ? moment.recipient() : outcome.transfer(),
            moment.source(),
            moment.destination(),
            sets.union(moment.onTheWay(), outcome.out()),
            moment.hour(),
            moment.wishes());
    return after.equals(moment) ? Optional.empty() : Optional.of(after);
  }

  private Outcome decide(Transfer transfer, Input arriving, long now, GatewaySetting setting) {
    Input input = Members.vouched(transfer.session(), asTaken(transfer, arriving));
    Step step = conduct.decide(transfer, input, setting, now);
    RulesTaken.of(new Side.Taken(transfer, input, now, step), setting).ifPresent(rulesTaken::add);
    Transfer after = transfer;
    if (step instanceof Step.Accepted accepted) {
      for (LogEntry entry : accepted.entries()) {
        after = TransferMachine.apply(after, entry);
      }
      if (!Observed.of(after, setting.timing())
          .equals(Observed.of(accepted.transfer(), setting.timing()))) {
        throw new AssertionError("the log tells another story of " + input);
      }
      if (Observed.essence(after).equals(Observed.essence(transfer))) {
        throw new AssertionError(
            transfer.role()
                + " "
                + transfer.state()
                + " logs what changes nothing: "
                + Trigger.of(input).text());
      }
    }
    BitSet out = new BitSet();
    for (Effect effect : conduct.pending(after)) {
      out.set(number(way(after, effect)));
    }
    if (input instanceof Input.Received received && received.message().type().request()) {
      back(after, received, step).ifPresent(way -> out.set(number(way)));
    }
    return new Outcome(number(after), sets.number(out));
  }

  /** An answer proves itself: a driver takes it for the session's peer's, whoever brought it. */
  private static Input asTaken(Transfer transfer, Input input) {
    return input instanceof Input.Received received && !received.message().type().request()
        ? new Input.Received(received.message(), transfer.session().peerPubkey())
        : input;
  }

  /** What goes back to who sent a request. */
  private static Optional<Way> back(Transfer transfer, Input.Received received, Step step) {
    OdapMessage request = received.message();
    Role asking = transfer.role().peer();
    return switch (step) {
      case Step.Refused refused ->
          Optional.of(
              new ToAsker(
                  asking,
                  received.peerPubkey(),
                  new Input.PeerRefused(request.type(), refused.refusal())));
      case Step.Accepted accepted -> firstAnswer(transfer, request);
      case Step.Duplicate duplicate -> firstAnswer(transfer, request);
      case Step.TooEarly tooEarly -> Optional.empty();
      case Step.Ignored ignored -> throw new AssertionError("request ignored: " + request);
    };
  }

  private static Optional<Way> firstAnswer(Transfer transfer, OdapMessage request) {
    return transfer.answer(request).map(answer -> message(transfer, answer));
  }

  private static Way way(Transfer from, Effect effect) {
    return switch (effect) {
      case Effect.SendRequest send -> message(from, send.request());
      case Effect.PerformStep perform ->
          new ToLedger(from.role(), perform.step(), perform.request());
    };
  }

  private static Way message(Transfer from, OdapMessage message) {
    Session session = from.session();
    return new ToGateway(
        from.role().peer(), TwoGateways.received(session, message, session.ownPubkey()));
  }

  private Optional<Moment> with(Moment moment, Role role, LedgerOutcome outcome) {
    boolean sender = role == Role.SENDER;
    Moment after =
        new Moment(
            moment.sender(),
            moment.recipient(),
            sender ? outcome.ledger() : moment.source(),
            sender ? moment.destination() : outcome.ledger(),
            sets.union(moment.onTheWay(), outcome.answer()),
            moment.hour(),
            moment.wishes());
    return after.equals(moment) ? Optional.empty() : Optional.of(after);
  }

  private static Moment with(Moment moment, int hour, int wishes) {
    return new Moment(
        moment.sender(),
        moment.recipient(),
        moment.source(),
        moment.destination(),
        moment.onTheWay(),
        hour,
        wishes);
  }

  private int number(Transfer transfer) {
    return transferNumbers.computeIfAbsent(
        List.of(transfer.role(), Observed.essence(transfer)),
        key -> {
          transfers.add(transfer);
          return transfers.size() - 1;
        });
  }

  private int number(FakeLedger ledger) {
    return ledgerNumbers.computeIfAbsent(
        ledger,
        key -> {
          ledgers.add(ledger);
          return ledgers.size() - 1;
        });
  }

  private int number(Way way) {
    return wayNumbers.computeIfAbsent(
        identity(way),
        key -> {
          ways.add(way);
          return ways.size() - 1;
        });
  }

  /** Messages are known by their hashes; a refusal by who refused what and why. */
  private static List<Object> identity(Way way) {
    return switch (way) {
      case ToLedger order -> List.of(order);
      case ToGateway(Role role, Input.Received received) ->
          List.of(role, received.message().hash(), received.peerPubkey());
      case ToAsker(Role role, String pubkey, Input.PeerRefused refused) ->
          List.of(role, pubkey, refused.request(), refused.refusal().reason());
      case ToGateway(Role role, Input input) -> List.of(role, input);
    };
  }

  private static String name(Way way) {
    return switch (way) {
      case ToLedger order ->
          "order for the " + order.role().word() + "'s ledger: " + Side.word(order.step());
      case ToGateway(Role role, Input.Received received) -> Transcript.message(received.message());
      case ToAsker(Role role, String pubkey, Input.PeerRefused refused) ->
          refused.request() + " refused: " + Transcript.refusal(refused.refusal());
      case ToGateway(Role role, Input input) -> "ledger " + Transcript.ledgerAnswer(input);
    };
  }
}
