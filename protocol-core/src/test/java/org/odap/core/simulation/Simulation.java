package org.odap.core.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.QuickSignatures;
import org.odap.core.envelope.TestKeys;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Transfer;

/**
 * One run: two gateways with a backup each, 4 to 12 transfers, and trouble of every kind until
 * everything heals; then all must end, and the books are audited. All of it follows from the seed.
 */
final class Simulation {
  static final String SENDERS_BACKUP = TestKeys.OTHER_STRANGER.publicKey();
  static final String RECIPIENTS_BACKUP = TestKeys.STRANGER.publicKey();

  /** Less than half of what the gateways reckon with, so that no two are further apart. */
  private static final long SKEW_MAX_MILLIS = Bargain.TIMING.clockSkewMillis() / 2 - 1;

  /** After the last lock has expired, what is left are repeats: their pauses are seconds. */
  private static final long TIME_TO_END_MILLIS = 300_000;

  /** What the slowest call of before the healing may still bring. */
  private static final long TIME_TO_SETTLE_MILLIS = 30_000;

  /** Longer than the shortest locks last, so that they expire while there is trouble. */
  private static final long TROUBLE_MAX_MILLIS = 200_000;

  /** So long the two sides may be apart: what was under way then expires. */
  private static final long APART_MAX_MILLIS = 100_000;

  /** The recipient takes no shorter locks than a minute, and hears of them a little later. */
  private static final long LOCK_MIN_MILLIS = 62_000;

  private static final long CHECK_MILLIS = 5_000;

  private static final BigInteger SUPPLY = BigInteger.valueOf(10_000);

  private final Set<Fault> faults;
  private final Audit audit;
  private final Events events;
  private final Network network;
  private final Map<Role, Side> sides = new EnumMap<>(Role.class);
  private final Map<String, Input.Order> orders = new LinkedHashMap<>();
  private final List<String> assets = new ArrayList<>();
  private final long quietAt;

  Simulation(long seed, Set<Fault> faults) {
    this.faults = faults;
    audit = new Audit(this::side);
    events = new Events(seed, Messages.START);
    network = new Network(events);
    quietAt = events.now() + events.between(30_000, TROUBLE_MAX_MILLIS);
    sides.put(Role.SENDER, side(Role.SENDER, TestKeys.SENDER.publicKey(), SENDERS_BACKUP));
    sides.put(
        Role.RECIPIENT, side(Role.RECIPIENT, TestKeys.RECIPIENT.publicKey(), RECIPIENTS_BACKUP));
    issue();
    order();
    trouble();
  }

  /**
   * Runs to the end.
   *
   * @return how many events there were
   * @throws AssertionError when something is not as it must be
   */
  long run() {
    try {
      while (events.now() < quietAt) {
        events.step();
      }
      heal();
      long deadline = lastExpiry() + TIME_TO_END_MILLIS;
      // An order may come late: then there is one more that must end.
      for (long settled = 0; settled < TIME_TO_SETTLE_MILLIS; ) {
        long checkAgain = events.now() + CHECK_MILLIS;
        while (events.now() < checkAgain) {
          events.step();
        }
        settled = allEnded() ? settled + CHECK_MILLIS : 0;
        if (events.now() > deadline) {
          throw new AssertionError("does not end: " + unfinished());
        }
      }
      audit.over(this);
      return events.happened();
    } catch (RuntimeException e) {
      throw new AssertionError(e.toString(), e);
    }
  }

  Events events() {
    return events;
  }

  Network network() {
    return network;
  }

  Set<Fault> faults() {
    return faults;
  }

  Side side(Role role) {
    return sides.get(role);
  }

  /** Ids of all transfers that were ordered. */
  Set<String> transfers() {
    return orders.keySet();
  }

  /** All unique assets. */
  List<String> assets() {
    return assets;
  }

  static BigInteger supply() {
    return SUPPLY;
  }

  private Side side(Role role, String key, String backupKey) {
    Bargain.Mood mood = events.chance(0.7) ? Bargain.Mood.AGREES : Bargain.Mood.ASKS_APPROVER;
    List<Replica> replicas = new ArrayList<>();
    for (String one : List.of(key, backupKey)) {
      String name = role.word() + (one.equals(key) ? "'s primary" : "'s backup");
      GatewaySetting setting =
          new GatewaySetting(QuickSignatures.signer(one), Bargain.TIMING, Bargain.policy(mood));
      replicas.add(new Replica(this, name, skew(), role, setting));
    }
    String dlt = role == Role.SENDER ? Messages.SENDER_DLT : Messages.RECIPIENT_DLT;
    Side side =
        new Side(
            role,
            new Ledger(events, dlt, skew(), audit::changed),
            new LogService(events, role, skew(), faults, audit::changed),
            List.copyOf(replicas));
    // The primary is first to ask for the lease.
    events.after(0, replicas.getFirst()::start);
    events.after(1_500, replicas.getLast()::start);
    return side;
  }

  private long skew() {
    return events.between(-SKEW_MAX_MILLIS / 2, SKEW_MAX_MILLIS / 2);
  }

  private void issue() {
    Ledger source = sides.get(Role.SENDER).ledger();
    int count = 1 + events.draw(4);
    for (int i = 0; i < count; i++) {
      assets.add(String.valueOf(100 + i));
      source.issue(assets.getLast());
    }
    source.issue(SUPPLY);
  }

  private void order() {
    int count = 4 + events.draw(9);
    for (int i = 0; i < count; i++) {
      String id = randomId();
      long at = events.between(2_000, (quietAt - events.now()) * 3 / 4);
      Input.Order order = order(events.now() + at);
      orders.put(id, order);
      events.after(at, () -> client(id, order));
      if (events.chance(0.3)) {
        Role role = events.chance(0.5) ? Role.SENDER : Role.RECIPIENT;
        events.after(
            at + events.between(100, 60_000),
            () -> say(role, id, new Input.Canceled("operator", "enough"), transfer -> true));
      }
    }
    events.after(5_000, this::approve);
  }

  private String randomId() {
    long high = (events.number() & ~0xF000L) | 0x4000L;
    long low = (events.number() >>> 2) | Long.MIN_VALUE;
    return new UUID(high, low).toString();
  }

  private Input.Order order(long at) {
    boolean unique = events.chance(0.6);
    InitializationRequest.Builder terms =
        (unique ? Bargain.unique() : Bargain.fungible())
            .terms().toBuilder().setExpiryTime(at + lockMillis());
    if (unique) {
      terms.getAssetBuilder().setAssetId(assets.get(events.draw(assets.size())));
    } else {
      terms.getAssetBuilder().setAmount(String.valueOf(events.between(1, 3_000)));
    }
    if (events.chance(0.3)) {
      terms.setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE);
    }
    return Bargain.order(terms.build());
  }

  private long lockMillis() {
    return events.chance(0.5)
        ? events.between(LOCK_MIN_MILLIS, LOCK_MIN_MILLIS + 30_000)
        : events.between(100_000, 300_000);
  }

  /** Orders again until the order is durable, or patience is over. */
  private void client(String id, Input.Order order) {
    if (events.now() >= quietAt) {
      return;
    }
    boolean[] taken = new boolean[1];
    for (Replica replica : sides.get(Role.SENDER).replicas()) {
      replica.reach(replica.life(), () -> replica.order(id, order, durable -> taken[0] |= durable));
    }
    events.after(
        5_000,
        () -> {
          if (!taken[0]) {
            client(id, order);
          }
        });
  }

  private void approve() {
    for (String id : orders.keySet()) {
      Input input =
          events.chance(0.8)
              ? new Input.Approved("approver")
              : new Input.Declined("approver", "no");
      say(Role.RECIPIENT, id, input, Transfer::awaitsDecision);
    }
    events.after(5_000, this::approve);
  }

  private void say(Role role, String id, Input input, Predicate<Transfer> when) {
    for (Replica replica : sides.get(role).replicas()) {
      replica.reach(
          replica.life(),
          () -> {
            if (replica.find(id).filter(one -> when.test(one.transfer())).isPresent()) {
              replica.say(id, input);
            }
          });
    }
  }

  private void trouble() {
    long until = quietAt - events.now();
    long count = 4 + until / 10_000;
    for (int i = 0; i < count; i++) {
      Runnable trouble = one(sides.get(events.chance(0.5) ? Role.SENDER : Role.RECIPIENT));
      events.after(
          events.between(2_000, until),
          () -> {
            if (events.now() < quietAt) {
              trouble.run();
            }
          });
    }
  }

  private Runnable one(Side side) {
    Replica replica = side.replicas().get(events.draw(2));
    long lasts = events.between(500, 20_000);
    return switch (events.draw(9)) {
      case 0, 1 -> () -> down(replica, lasts);
      case 2 -> () -> down(side.log(), lasts / 2);
      case 3 -> () -> down(side.ledger(), lasts);
      case 4 -> () -> replica.stopUntil(events.now() + lasts);
      case 5 -> () -> network.cut(replica, side.log(), lasts);
      case 6 -> () -> network.cut(replica, side.ledger(), lasts);
      default -> {
        long apart = events.between(5_000, APART_MAX_MILLIS);
        yield () -> apart(apart);
      }
    };
  }

  /** Neither side hears of the other. */
  private void apart(long millis) {
    for (Replica sender : sides.get(Role.SENDER).replicas()) {
      for (Replica recipient : sides.get(Role.RECIPIENT).replicas()) {
        network.cut(sender, recipient, millis);
      }
    }
  }

  private void down(Node process, long millis) {
    if (process.up()) {
      process.crash();
      events.after(
          millis,
          () -> {
            if (!process.up()) {
              process.start();
            }
          });
    }
  }

  private void heal() {
    network.heal();
    for (Side side : sides.values()) {
      side.ledger().heal();
      List<Node> processes = new ArrayList<>(side.replicas());
      processes.add(side.ledger());
      processes.add(side.log());
      processes.stream().filter(process -> !process.up()).forEach(Node::start);
    }
  }

  private long lastExpiry() {
    return orders.values().stream()
        .mapToLong(order -> order.terms().getExpiryTime())
        .max()
        .orElseThrow();
  }

  private boolean allEnded() {
    return orders.keySet().stream().allMatch(audit::ended);
  }

  /** All that don't end in one line, then what the gateways make of them. */
  private String unfinished() {
    List<String> left = orders.keySet().stream().filter(id -> !audit.ended(id)).toList();
    return Stream.concat(
            Stream.of(left.stream().map(audit::where).collect(Collectors.joining(" "))),
            left.stream().flatMap(id -> drivers(id).stream()))
        .collect(Collectors.joining("\n"));
  }

  private List<String> drivers(String id) {
    return sides.values().stream()
        .flatMap(side -> side.replicas().stream())
        .map(replica ->
            replica.name()
                + " "
                + replica.epoch()
                + replica.find(id).map(Running::toString).orElse(""))
        .toList();
  }
}
