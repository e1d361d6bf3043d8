package org.odap.core.transfer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Side.Taken;
import org.odap.core.transfer.TwoGateways.Way;

/** Each message of phases 1 to 3 and of rollback at the place in a session where it is taken. */
final class Places {
  private static final Map<MessageType, Taken> PLACES = new EnumMap<>(MessageType.class);

  static {
    TwoGateways whole = ordered(Mood.AGREES);
    whole.run();
    TwoGateways threePhase = new TwoGateways(Mood.AGREES);
    threePhase.take(Role.SENDER, Bargain.threePhase());
    threePhase.run();
    TwoGateways denied = ordered(Mood.DENIES);
    denied.run();
    TwoGateways canceled = ordered(Mood.AGREES);
    prepare(canceled);
    canceled.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    canceled.run();
    Stream.of(whole, threePhase, denied, canceled)
        .flatMap(gateways -> Stream.of(gateways.sender(), gateways.recipient()))
        .flatMap(side -> side.history().stream())
        .filter(taken -> taken.step() instanceof Step.Accepted)
        .forEach(Places::keep);
  }

  private Places() {}

  /** Where a message of this type is taken, with the message. */
  static Taken of(MessageType type) {
    return PLACES.get(type);
  }

  static List<MessageType> types() {
    return List.copyOf(PLACES.keySet());
  }

  /** Two gateways, the sender of which has an order for a unique asset. */
  static TwoGateways ordered(Mood mood) {
    TwoGateways gateways = new TwoGateways(mood);
    gateways.take(Role.SENDER, Bargain.unique());
    return gateways;
  }

  /** Brings a transfer to where the recipient has promised and the sender does not know yet. */
  static void prepare(TwoGateways gateways) {
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.ledger(Role.SENDER, TwoGateways.LedgerWay.OPEN);
    gateways.ledger(Role.RECIPIENT, TwoGateways.LedgerWay.OPEN);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.ANSWER_LOST);
  }

  private static void keep(Taken taken) {
    if (taken.input() instanceof Input.Received received) {
      PLACES.putIfAbsent(received.message().type(), taken);
    }
  }
}
