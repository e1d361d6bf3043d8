package org.odap.gateway.driver;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.common.v1.Retry;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Recovery;
import org.odap.core.session.Role;
import org.odap.core.session.Timing;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.log.LogClient;
import org.odap.gateway.peer.PeerLink;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs this replica's transfers: hands each input to its transfer, starts what a transfer waits
 * for, and wakes it when time matters. Starting is taking a lease, claiming open logs, and going on
 * with each from where its log stands.
 *
 * <p>Mutable: the transfers that run (by log id), the last that ended, the epoch. A transfer's own
 * state belongs to its {@link RunningTransfer}.
 */
public final class TransferDriver implements Part {
  /**
   * How long a request that can't be answered yet is kept, before the peer is told to ask again.
   */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  /**
   * Ended transfers kept at hand, for late repeats and for those who look; older ones are read from
   * the log.
   */
  private static final int ENDED_MAX = 256;

  private static final Duration START_PAUSE = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(TransferDriver.class);

  private final GatewaySelf self;
  private final LogClient logs;
  private final LeaseKeeper leases;
  private final Ledgers ledgers;
  private final Peers peers;
  private final InitiationPolicy policy;
  private final TimingConfig timing;
  private final DriverMetrics metrics;
  private final Clock clock;
  private final EffectRunner.Links links;
  private final Map<String, RunningTransfer> running = new ConcurrentHashMap<>();
  private final Map<String, RunningTransfer> ended =
      java.util.Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, RunningTransfer> eldest) {
              return size() > ENDED_MAX;
            }
          });
  private final Map<RunningTransfer, Set<Effect>> inFlight = new ConcurrentHashMap<>();
  private final Map<RunningTransfer, Future<?>> wakeUps = new ConcurrentHashMap<>();
  private final ExecutorService effects =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("effect-", 0).factory());
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("driver-timer").factory());
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile long epoch;

  /** What a driver works with. */
  public record Parts(
      GatewaySelf self,
      LogClient logs,
      LeaseKeeper leases,
      Ledgers ledgers,
      Peers peers,
      InitiationPolicy policy,
      TimingConfig timing,
      DriverMetrics metrics,
      Clock clock) {}

  /** A driver; it does nothing before it is started. */
  public TransferDriver(Parts parts) {
    self = parts.self();
    logs = parts.logs();
    leases = parts.leases();
    ledgers = parts.ledgers();
    peers = parts.peers();
    policy = parts.policy();
    timing = parts.timing();
    metrics = parts.metrics();
    clock = parts.clock();
    links = new EffectRunner.Links(this::link, ledgers, () -> epoch, clock, timing.patience());
    // A wake-up that is no longer needed must not keep its transfer in memory until its time.
    timer.setRemoveOnCancelPolicy(true);
    metrics.watchRunning(running::size);
  }

  @Override
  public String name() {
    return "transfer driver";
  }

  @Override
  public void start() throws InterruptedException {
    // Services come up in any order: without its log a gateway is not up, but need not be started
    // again either.
    while (!tookOver()) {
      if (stopping.await(START_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    long heartbeat = leases.heartbeat().toMillis();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> effects.execute(this::heartbeat), heartbeat, heartbeat, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    stopping.countDown();
    timer.shutdownNow();
    running.values().forEach(RunningTransfer::halt);
    effects.shutdown();
    if (!effects.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      effects.shutdownNow();
    }
    try {
      leases.release(epoch);
    } catch (OdapException e) {
      log.atWarn()
          .addKeyValue("cause", e.description())
          .log("lease not given back; it ends by itself");
    }
  }

  /**
   * Takes a client's order; when it returns the order is durable. A repeat gives the same transfer.
   *
   * @param sessionId the session it is to run in
   * @param recipientGateway identity of the other gateway; this one's own for a direct transfer
   * @throws OdapException REQUEST_ID_REUSED, LOG_UNAVAILABLE
   */
  public Transfer order(Input.Order order, String sessionId, String recipientGateway) {
    InitializationRequest terms = order.terms();
    LogFrame frame = frame(terms, sessionId, self.identity(), recipientGateway);
    RunningTransfer transfer = registered(Role.SENDER, frame);
    Step step;
    try {
      step = transfer.submit(order);
    } finally {
      forgetUnopened(transfer);
    }
    if (step instanceof Step.Refused) {
      String before = transfer.transfer().order().map(known -> known.getHashRequest()).orElse("");
      if (!before.equals(order.order().getHashRequest())) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
            "request_id: " + order.order().getRequestId() + " was used for another transfer");
      }
    }
    return transfer.transfer();
  }

  /**
   * Takes a peer's request and waits for its answer; both are durable when it returns.
   *
   * @param identity the peer, by its certificate
   * @param pubkey its certificate's key
   * @throws OdapException the refusal, or TOO_EARLY
   */
  public OdapMessage receive(OdapMessage request, String identity, String pubkey) {
    boolean fromRecipient =
        isFromEither(request.type())
            && find(Role.SENDER.logId(request.sessionId()))
                .filter(transfer -> isPeer(transfer, identity))
                .isPresent();
    return receive(request, identity, pubkey, fromRecipient ? Role.SENDER : Role.RECIPIENT);
  }

  /** Whether the recipient may send it too; all other requests are the sender's. */
  private static boolean isFromEither(MessageType type) {
    return type == MessageType.ROLLBACK || Recovery.isAbout(type);
  }

  private static boolean isPeer(RunningTransfer transfer, String identity) {
    return transfer.transfer().session().peerIdentity().equals(identity);
  }

  private OdapMessage receive(OdapMessage request, String identity, String pubkey, Role role) {
    try {
      RunningTransfer transfer = addressee(request, identity, pubkey, role);
      OdapMessage answer;
      try {
        answer = transfer.answer(new Input.Received(request, pubkey), ANSWER_LIMIT);
      } finally {
        forgetUnopened(transfer);
      }
      metrics.answered(request.type());
      return answer;
    } catch (OdapException e) {
      metrics.refused(e.reason());
      if (e.reason() != ErrorReason.ERROR_REASON_TOO_EARLY) {
        log.atWarn()
            .addKeyValue("transfer", role.logId(request.sessionId()))
            .addKeyValue("peer", identity)
            .addKeyValue("message", request.type())
            .addKeyValue("reason", e.reason())
            .addKeyValue("description", e.description())
            .log("message refused");
      }
      throw e;
    }
  }

  /** Hands a client's wish to a transfer; when it returns the decision is durable. */
  public Transfer submit(String transferId, Optional<Role> role, Input input) {
    RunningTransfer transfer = get(transferId, role);
    if (transfer.submit(input) instanceof Step.Refused refused) {
      throw Refusals.exception(refused.refusal());
    }
    return transfer.transfer();
  }

  /**
   * A transfer of this gateway.
   *
   * @param role the role, where the gateway has both; else the one it has
   * @throws OdapException TRANSFER_UNKNOWN
   */
  public Transfer transfer(String transferId, Optional<Role> role) {
    return get(transferId, role).transfer();
  }

  /**
   * The entries of a transfer's log from an index on; waits for the next when there are none yet.
   */
  public List<LogEntry> entries(
      String transferId, Optional<Role> role, int fromIndex, Duration limit) {
    RunningTransfer transfer = get(transferId, role);
    boolean _ =
        transfer.await(now -> now.head().length() >= fromIndex || now.state().ended(), limit);
    return transfer.entries(fromIndex);
  }

  /** A transfer before its first entry, to fold entries onto. */
  public Transfer unopened(Transfer transfer) {
    return Transfer.unopened(transfer.role(), transfer.session().frame());
  }

  /** The roles this gateway has in a transfer. */
  public List<Role> roles(String transferId) {
    return Stream.of(Role.values())
        .filter(role -> find(role.logId(transferId)).isPresent())
        .toList();
  }

  /** The transfers at hand, newest first: all that run and the last that ended. */
  public List<Transfer> transfers() {
    return Stream.concat(running.values().stream(), List.copyOf(ended.values()).stream())
        .map(RunningTransfer::transfer)
        .filter(transfer -> transfer.head().length() > 0)
        .sorted(
            Comparator.comparingLong(Transfer::startedAt).reversed().thenComparing(Transfer::logId))
        .toList();
  }

  private RunningTransfer addressee(
      OdapMessage request, String identity, String pubkey, Role role) {
    if (!peers.identities().contains(identity) && !identity.equals(self.identity())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PEER_UNKNOWN, "gateway: " + identity + " is not known here");
    }
    if (request.type() != MessageType.INITIALIZATION_REQUEST) {
      RunningTransfer transfer =
          find(role.logId(request.sessionId()))
              .orElseThrow(() ->
                  new OdapException(
                      ErrorReason.ERROR_REASON_SESSION_UNKNOWN,
                      "session_id: no such session here"));
      if (!isPeer(transfer, identity)) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_SESSION_NOT_YOURS,
            "session: the caller is not the other gateway of this session");
      }
      return transfer;
    }
    // The machine checks a proposal as it does any message; one that it refuses leaves nothing
    // behind. Whether its session is an old one the log says when it is to be opened.
    InitializationRequest proposal = request.as(InitializationRequest.class);
    if (!proposal.getSourceGatewayPubkey().equals(pubkey)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_KEY_WRONG,
          "source_gateway_pubkey: not the key of the caller's certificate");
    }
    return registered(
        Role.RECIPIENT,
        frame(
            proposal.toBuilder().setRecipientGatewayPubkey(self.pubkey()).build(),
            request.sessionId(),
            identity,
            self.identity()));
  }

  private RunningTransfer get(String transferId, Optional<Role> role) {
    return role.map(List::of).orElse(List.of(Role.values())).stream()
        .flatMap(wanted -> find(wanted.logId(transferId)).stream())
        .findFirst()
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
                "transfer_id: no transfer " + transferId + " here"));
  }

  /** A transfer at hand, or one whose log is kept. */
  private Optional<RunningTransfer> find(String logId) {
    RunningTransfer atHand = running.getOrDefault(logId, ended.get(logId));
    if (atHand != null) {
      return Optional.of(atHand).filter(transfer -> transfer.transfer().head().length() > 0);
    }
    if (!logId.matches("[0-9a-f-]{36}/[a-z]+")) {
      return Optional.empty();
    }
    List<LogEntry> entries = logs.read(logId, 1);
    return entries.isEmpty() ? Optional.empty() : Optional.of(restored(logId, entries));
  }

  private RunningTransfer registered(Role role, LogFrame frame) {
    String logId = role.logId(frame.sessionId());
    return Optional.ofNullable(ended.get(logId))
        .orElseGet(() ->
            running.computeIfAbsent(logId, id -> newTransfer(Transfer.unopened(role, frame))));
  }

  /** A first message that was refused leaves nothing behind. */
  private void forgetUnopened(RunningTransfer transfer) {
    if (transfer.transfer().head().length() == 0) {
      running.remove(transfer.transfer().logId(), transfer);
    }
  }

  private RunningTransfer restored(String logId, List<LogEntry> entries) {
    RunningTransfer transfer =
        newTransfer(Transfer.unopened(Role.ofLogId(logId), frame(entries.getFirst())));
    transfer.load(entries);
    if (transfer.transfer().state().ended()) {
      ended.put(logId, transfer);
      return transfer;
    }
    RunningTransfer first = running.putIfAbsent(logId, transfer);
    return first == null ? transfer : first;
  }

  private RunningTransfer newTransfer(Transfer unopened) {
    return new RunningTransfer(unopened, new Appender(), this::setting, clock, this::goOn);
  }

  /** After a change: starts the effects that are waited for and sets the next wake-up. */
  private void goOn(RunningTransfer transfer) {
    Transfer now = transfer.transfer();
    (now.state().ended() ? log.atInfo() : log.atDebug())
        .addKeyValue("transfer", now.logId())
        .addKeyValue("state", now.state())
        .addKeyValue("entries", now.head().length())
        .log("transfer went on");
    Optional.ofNullable(wakeUps.remove(transfer)).ifPresent(wakeUp -> wakeUp.cancel(false));
    if (now.state().ended()) {
      ended.put(now.logId(), transfer);
      running.remove(now.logId());
      inFlight.remove(transfer);
      metrics.ended(now);
      return;
    }
    if (now.disputed()) {
      metrics.disputed();
      log.atError()
          .addKeyValue("transfer", now.logId())
          .addKeyValue("peer", now.session().peerIdentity())
          .addKeyValue(
              "description", now.session().recovery().dispute().orElseThrow().getDescription())
          .log("logs disagree, nothing is done until an operator resolves the transfer");
    }
    running.putIfAbsent(now.logId(), transfer);
    Set<Effect> busy = inFlight.computeIfAbsent(transfer, any -> ConcurrentHashMap.newKeySet());
    for (Effect effect : TransferMachine.pending(now)) {
      if (busy.add(effect)) {
        effects.execute(() -> perform(transfer, effect, busy));
      }
    }
    wakeAt(transfer, TransferMachine.nextTick(now, setting(now).timing()));
  }

  private void perform(RunningTransfer transfer, Effect effect, Set<Effect> busy) {
    try {
      new EffectRunner(transfer, effect, links).run();
    } catch (RuntimeException e) {
      // A bug or a broken invariant: the transfer stops here with its log as it is, and an operator
      // looks.
      log.atError()
          .addKeyValue("transfer", transfer.transfer().logId())
          .setCause(e)
          .log("transfer stopped");
      transfer.halt();
    } finally {
      busy.remove(effect);
    }
  }

  private void wakeAt(RunningTransfer transfer, OptionalLong instant) {
    if (instant.isEmpty()) {
      return;
    }
    long millis = Math.max(1, instant.getAsLong() - clock.millis());
    wakeUps.put(
        transfer,
        timer.schedule(() -> effects.execute(() -> tick(transfer)), millis, TimeUnit.MILLISECONDS));
  }

  private void tick(RunningTransfer transfer) {
    try {
      if (!(transfer.submit(new Input.Tick()) instanceof Step.Ignored)) {
        return;
      }
    } catch (OdapException e) {
      log.atDebug().addKeyValue("transfer", transfer.transfer().logId()).log("tick not taken");
    }
    wakeAt(transfer, OptionalLong.of(clock.millis() + leases.heartbeat().toMillis()));
  }

  private PeerLink link(String identity) {
    if (identity.equals(self.identity())) {
      // A direct transfer between two ledgers behind this gateway: it is its own peer (ODAP 4.6.1).
      return (request, from) -> receive(request, self.identity(), self.pubkey(), from.peer());
    }
    return peers.get(identity).link();
  }

  private GatewaySetting setting(Transfer transfer) {
    long finality =
        transfer.role() == Role.SENDER
            ? ledgers
                .find(transfer.session().ownDlt())
                .flatMap(ledger -> ledger.finalityMillis())
                .orElse(timing.remoteFinality().toMillis())
            : timing.remoteFinality().toMillis();
    return new GatewaySetting(
        self.signer(),
        new Timing(
            timing.clockSkew().toMillis(),
            timing.roundTrip().toMillis(),
            finality,
            timing.lockMin().toMillis()),
        policy);
  }

  private boolean tookOver() {
    try {
      takeOver();
      return true;
    } catch (OdapException e) {
      if (OdapErrors.retry(e.reason()) != Retry.RETRY_SAME_CALL) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("cause", e.description())
          .log("log service not reached, trying again");
      return false;
    }
  }

  /** Takes a lease and every open log that is free, and goes on with those transfers. */
  private void takeOver() {
    epoch = leases.acquire();
    Set<String> claimed = new HashSet<>();
    for (List<String> batch = leases.claim(epoch); !batch.isEmpty(); batch = leases.claim(epoch)) {
      claimed.addAll(batch);
    }
    for (String logId : claimed) {
      effects.execute(() -> recover(logId));
    }
    log.atInfo()
        .addKeyValue("epoch", epoch)
        .addKeyValue("transfers", claimed.size())
        .log("lease taken");
  }

  /** Takes up a transfer that somebody else, or this gateway before it stopped, has left. */
  private void recover(String logId) {
    try {
      List<LogEntry> entries = logs.read(logId, 1);
      if (!entries.isEmpty()) {
        RunningTransfer transfer = restored(logId, entries);
        boolean told = transfer.submit(new Input.Recovered()) instanceof Step.Accepted;
        if (!told) {
          goOn(transfer);
        }
        metrics.recovered();
      }
    } catch (OdapException e) {
      log.atError()
          .addKeyValue("transfer", logId)
          .addKeyValue("cause", e.description())
          .log("transfer could not be taken up; trying again");
      var _ =
          timer.schedule(
              () -> effects.execute(() -> recover(logId)),
              START_PAUSE.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void heartbeat() {
    try {
      leases.renew(epoch);
    } catch (OdapException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_LEASE_LOST
          || e.reason() == ErrorReason.ERROR_REASON_EPOCH_STALE) {
        leaseLost(epoch);
      } else {
        log.atWarn().addKeyValue("cause", e.description()).log("heartbeat failed");
      }
    }
  }

  /**
   * Stops everything that ran under the lost epoch; what is still ours is taken up again under a
   * new one.
   */
  private synchronized void leaseLost(long lost) {
    if (lost != epoch) {
      return;
    }
    log.atError().addKeyValue("epoch", lost).log("lease lost");
    running.values().forEach(RunningTransfer::halt);
    running.clear();
    try {
      takeOver();
    } catch (OdapException e) {
      log.atError()
          .addKeyValue("cause", e.description())
          .log("no new lease; trying again at the next heartbeat");
    }
  }

  private static LogFrame frame(
      InitializationRequest proposal,
      String sessionId,
      String senderGateway,
      String recipientGateway) {
    return new LogFrame(
        sessionId,
        proposal.getSourceGatewayPubkey(),
        proposal.getSourceGatewayDltSystem(),
        proposal.getRecipientGatewayPubkey(),
        proposal.getRecipientGatewayDltSystem(),
        senderGateway,
        recipientGateway,
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
  }

  private static LogFrame frame(LogEntry entry) {
    return new LogFrame(
        entry.getSessionId(),
        entry.getSourceGatewayPubkey(),
        entry.getSourceGatewayDltSystem(),
        entry.getRecipientGatewayPubkey(),
        entry.getRecipientGatewayDltSystem(),
        entry.getSourceGatewayUid(),
        entry.getRecipientGatewayUid(),
        entry.getLoggingProfile(),
        entry.getAccessControlProfile());
  }

  /** Appends under the epoch in force, and notices when it no longer is. */
  private final class Appender implements LogAppender {
    @Override
    public void append(String logId, List<LogEntry> entries, boolean close) {
      try {
        logs.append(logId, epoch, entries, close);
      } catch (OdapException e) {
        if (e.reason() == ErrorReason.ERROR_REASON_LEASE_LOST
            || e.reason() == ErrorReason.ERROR_REASON_EPOCH_STALE) {
          // Of this one log or of all: the heartbeat's answer tells.
          effects.execute(TransferDriver.this::heartbeat);
        }
        throw e;
      }
    }

    @Override
    public List<LogEntry> read(String logId) {
      return logs.read(logId, 1);
    }
  }
}
