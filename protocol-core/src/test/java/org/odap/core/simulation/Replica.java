package org.odap.core.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;

/**
 * One replica of a gateway: asks for the lease, takes up what the log holds when it gets it, and
 * runs transfers as long as nobody tells it that another has replaced it. It does not look at its
 * clock for that, so that an old primary that wakes up does the worst it can.
 */
final class Replica extends Node {
  private static final long HEARTBEAT_MILLIS = 1_000;

  private final Simulation world;
  private final Role role;
  private final GatewaySetting setting;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private long epoch;
  private boolean ready;

  Replica(Simulation world, String name, long skewMillis, Role role, GatewaySetting setting) {
    super(world.events(), name, skewMillis);
    this.world = world;
    this.role = role;
    this.setting = setting;
  }

  Simulation world() {
    return world;
  }

  GatewaySetting setting() {
    return setting;
  }

  String key() {
    return setting.signer().publicKey();
  }

  Side side() {
    return world.side(role);
  }

  Side peer() {
    return world.side(role.peer());
  }

  /** The epoch it believes in; 0 = it has no lease. */
  long epoch() {
    return epoch;
  }

  /** The heartbeat, from every start on. */
  @Override
  void start() {
    super.start();
    beat();
  }

  @Override
  void crash() {
    super.crash();
    epoch = 0;
    ready = false;
    running.clear();
  }

  private void beat() {
    LogService log = side().log();
    long held = epoch;
    world
        .network()
        .<Long>call(
            this,
            log,
            back -> back.accept(log.lease(name(), held)),
            granted -> granted.ifPresent(this::leased));
    running.values().forEach(Running::tick);
    later(HEARTBEAT_MILLIS, this::beat);
  }

  private void leased(long granted) {
    if (granted == epoch) {
      return;
    }
    stepDown();
    if (granted == 0) {
      return;
    }
    epoch = granted;
    LogService log = side().log();
    world
        .network()
        .<Map<String, List<LogEntry>>>call(
            this,
            log,
            back -> {
              Map<String, List<LogEntry>> logs = new LinkedHashMap<>();
              log.logs().forEach(name -> logs.put(name, log.read(name)));
              back.accept(logs);
            },
            logs -> {
              if (epoch != granted) {
                return;
              }
              if (logs.isEmpty()) {
                // The next heartbeat tries again.
                epoch = 0;
                return;
              }
              logs.get().forEach(this::takeUp);
              ready = true;
            });
  }

  private void takeUp(String log, List<LogEntry> entries) {
    if (entries.isEmpty() || running.containsKey(log)) {
      return;
    }
    Running transfer =
        new Running(this, Transfer.unopened(role, LogFrame.of(entries.getFirst())), epoch);
    running.put(log, transfer);
    transfer.load(entries);
    if (!transfer.transfer().state().ended()) {
      transfer.recover();
    }
  }

  /** The right to write is gone. */
  void stepDown() {
    epoch = 0;
    ready = false;
    running.values().forEach(Running::halt);
    running.clear();
  }

  /** A client orders a transfer; told whether it is durable. */
  void order(String transfer, Input.Order order, Consumer<Boolean> back) {
    if (!ready) {
      back.accept(false);
      return;
    }
    String peerKey =
        peer().replicas().stream()
            .filter(replica -> replica.epoch() != 0)
            .findFirst()
            .orElse(peer().primary())
            .key();
    Input.Order complete =
        new Input.Order(
            order.order(),
            order.terms().toBuilder()
                .setSourceGatewayPubkey(key())
                .setRecipientGatewayPubkey(peerKey)
                .build());
    LogFrame parties = Messages.frame(transfer);
    LogFrame frame =
        LogFrame.of(
            complete.terms(), transfer, parties.senderGateway(), parties.recipientGateway());
    open(frame).submit(complete, step -> back.accept(step.isPresent()));
  }

  /** A person or an operator says something about a transfer. */
  void say(String transfer, Input input) {
    Running known = running.get(role.logId(transfer));
    if (known != null) {
      known.submit(input, step -> {});
    }
  }

  /** A request of the peer comes in. */
  void receive(LogFrame frame, OdapMessage message, String peerKey, Consumer<Reply> back) {
    boolean opens = message.type() == MessageType.INITIALIZATION_REQUEST;
    // A proposal speaks for the replica that signed it, whichever brings it.
    Input.Received input = new Input.Received(message, opens ? frame.senderPubkey() : peerKey);
    Running known = running.get(role.logId(frame.sessionId()));
    if (!ready) {
      back.accept(new Reply.NotHere());
    } else if (known == null && !opens) {
      Transfer nothing = Transfer.unopened(role, frame);
      if (TransferMachine.decide(nothing, input, setting, clock())
          instanceof Step.Refused refused) {
        refuse(nothing, refused.refusal(), back);
      } else {
        back.accept(new Reply.NotHere());
      }
    } else {
      open(frame).receive(input, back);
    }
  }

  /**
   * A refusal is for good, so it is not given by one who slept while another went on with the
   * transfer: the log tells.
   */
  void refuse(Transfer known, Refusal refusal, Consumer<Reply> back) {
    LogService log = side().log();
    world
        .network()
        .<LogHead>call(
            this,
            log,
            reply -> reply.accept(LogEntries.head(log.read(known.logId()))),
            head ->
                back.accept(
                    head.equals(Optional.of(known.head()))
                        ? new Reply.Refused(refusal)
                        : new Reply.NotHere()));
  }

  private Running open(LogFrame frame) {
    return running.computeIfAbsent(
        role.logId(frame.sessionId()),
        log -> new Running(this, Transfer.unopened(role, frame), epoch));
  }

  boolean runs(Running transfer) {
    return running.containsValue(transfer);
  }

  Set<Fault> faults() {
    return world.faults();
  }

  Optional<Running> find(String transfer) {
    return Optional.ofNullable(running.get(role.logId(transfer)));
  }
}
