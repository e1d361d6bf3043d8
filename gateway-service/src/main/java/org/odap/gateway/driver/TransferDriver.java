package org.odap.gateway.driver;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Retry;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.attestation.Attestation;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.log.LogFrame;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Recovery;
import org.odap.core.session.Role;
import org.odap.core.session.Timing;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.log.LogClient;
import org.odap.gateway.peer.PeerLink;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.Tracing;
import org.odap.runtime.tracing.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs this replica's transfers: hands each input to its transfer, starts what a transfer waits
 * for, and wakes it when time matters. Starting is taking a lease, claiming open logs, and going on
 * with each from where its log stands.
 *
 * <p>Keeps nothing itself: {@link Transfers} has the transfers at hand, {@link LeaseHolder} the
 * epoch, {@link EffectScheduler} what is being done. A transfer's own state belongs to its {@link
 * RunningTransfer}.
 */
public final class TransferDriver implements Part {
  /**
   * How long a request that can't be answered yet is kept, before the peer is told to ask again.
   */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private static final Duration START_PAUSE = Duration.ofMillis(500);

  /** A transfer that another replica runs changes unseen: its log is looked at so often. */
  private static final Duration LOOK_ELSEWHERE = Duration.ofMillis(250);

  /** Transfers taken up at a time after a start. */
  private static final int RECOVERIES_MAX = 64;

  private static final Logger log = LoggerFactory.getLogger(TransferDriver.class);

  private final GatewaySelf self;
  private final Predicate<String> replicas;
  private final LogClient logs;
  private final Ledgers ledgers;
  private final Peers peers;
  private final InitiationPolicy policy;
  private final ProofVerifier proofs;
  private final Attestation attestation;
  private final Admission admission;
  private final UnaryOperator<PeerLink> outgoing;
  private final Consumer<String> otherLogs;
  private final Semaphore recoveries = new Semaphore(RECOVERIES_MAX);
  private final TimingConfig timing;
  private final DriverMetrics metrics;
  private final Tracing tracing;
  private final Clock clock;
  private final DriverThreads threads = new DriverThreads();
  private final Transfers transfers;
  private final LeaseHolder lease;
  private final EffectScheduler scheduler;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * What a driver works with.
   *
   * @param replicas whether a key is this gateway's or that of another with its identity
   * @param outgoing puts around each way to a peer what has to be done before a request leaves
   * @param inFlightMax transfers that may run when an order is taken; twice as many for a proposal
   * @param otherLogs goes on with a log that has become this replica's and is no transfer's
   */
  public record Parts(
      GatewaySelf self,
      Predicate<String> replicas,
      LogClient logs,
      LeaseKeeper leases,
      Ledgers ledgers,
      Peers peers,
      InitiationPolicy policy,
      ProofVerifier proofs,
      Attestation attestation,
      Admission admission,
      UnaryOperator<PeerLink> outgoing,
      Consumer<String> otherLogs,
      TimingConfig timing,
      int inFlightMax,
      WriterNeeds needs,
      DriverMetrics metrics,
      Tracing tracing,
      Clock clock) {}

  /** A driver; it does nothing before it is started. */
  public TransferDriver(Parts parts) {
    self = parts.self();
    replicas = parts.replicas();
    logs = parts.logs();
    ledgers = parts.ledgers();
    peers = parts.peers();
    policy = parts.policy();
    proofs = parts.proofs();
    attestation = parts.attestation();
    admission = parts.admission();
    outgoing = parts.outgoing();
    otherLogs = parts.otherLogs();
    timing = parts.timing();
    metrics = parts.metrics();
    tracing = parts.tracing();
    clock = parts.clock();
    transfers = new Transfers(this::newTransfer, logId -> logs.read(logId, 1), parts.inFlightMax());
    lease =
        new LeaseHolder(
            parts.leases(),
            logs,
            threads,
            new LeaseHolder.Driven(transfers::isRunning, this::recover, transfers::drop),
            parts.needs(),
            metrics);
    scheduler =
        new EffectScheduler(
            transfers,
            threads,
            new EffectRunner.Links(this::link, ledgers, clock, timing.patience(), metrics),
            transfer -> setting(transfer).timing(),
            lease.heartbeatPause(),
            parts.tracing());
    metrics.watch(transfers::troubledCount);
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
    lease.keep();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    stopping.countDown();
    lease.endWatch();
    transfers.halt();
    threads.stop(limit);
    lease.release();
  }

  /**
   * Takes a client's order; when it returns the order is durable. A repeat gives the same transfer.
   *
   * @param sessionId the session it is to run in
   * @param recipientGateway identity of the other gateway; this one's own for a direct transfer
   * @throws OdapException REQUEST_ID_REUSED, NOT_ACCEPTING, LIMIT_EXCEEDED, LOG_UNAVAILABLE
   */
  public Transfer order(Input.Order order, String sessionId, String recipientGateway) {
    InitializationRequest terms = order.terms();
    LogFrame frame = LogFrame.of(terms, sessionId, self.identity(), recipientGateway);
    RunningTransfer transfer = transfers.registered(Role.SENDER, frame);
    Step step;
    try {
      admit(transfer, terms, recipientGateway);
      step = written(() -> transfer.submit(order));
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

  /** An order may begin now, or has begun before: a repeat is answered whatever holds by then. */
  private void admit(RunningTransfer transfer, InitializationRequest terms, String peer) {
    if (transfer.transfer().head().length() > 0) {
      return;
    }
    String logId = transfer.transfer().logId();
    Optional<Admission.Bar> bar =
        admission.admit(
            new Admission.Candidate(Role.SENDER, transfer.transfer().id(), peer, terms),
            clock.millis());
    if (bar.isPresent() && transfers.find(logId).isEmpty()) {
      ErrorReason reason =
          switch (bar.get()) {
            case Admission.Halted _ -> ErrorReason.ERROR_REASON_NOT_ACCEPTING;
            case Admission.Exceeds _ -> ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
          };
      throw new OdapException(reason, bar.get().description());
    }
  }

  private void forgetUnopened(RunningTransfer transfer) {
    transfers.forgetUnopened(transfer);
    if (transfer.transfer().head().length() == 0) {
      admission.forget(transfer.transfer().logId());
    }
  }

  /**
   * Takes a peer's request and waits for its answer; both are durable when it returns.
   *
   * @param identity the peer, by its certificate
   * @param pubkey its certificate's key
   * @throws OdapException the refusal, or TOO_EARLY
   */
  public OdapMessage receive(OdapMessage request, String identity, String pubkey) {
    Work.isFor(request.sessionId());
    boolean fromRecipient =
        isFromEither(request.type())
            && transfers
                .find(Role.SENDER.logId(request.sessionId()))
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
        Input.Received input =
            new Input.Received(request, speaker(request, identity, pubkey, transfer));
        answer = written(() -> transfer.answer(input, ANSWER_LIMIT));
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

  /**
   * A replica that has lost the right to write says that another one has it, not how it lost it.
   */
  private static <T> T written(Supplier<T> deciding) {
    try {
      return deciding.get();
    } catch (OdapException e) {
      if (LeaseHolder.isLoss(e)) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_UNAVAILABLE,
            "this replica of the gateway may not write now: ask again, or ask the others",
            e);
      }
      throw e;
    }
  }

  /** Hands a client's wish to a transfer; when it returns the decision is durable. */
  public Transfer submit(String transferId, Optional<Role> role, Input input) {
    Work.isFor(transferId);
    RunningTransfer transfer = transfers.getHeld(transferId, role);
    if (written(() -> transfer.submit(input)) instanceof Step.Refused refused) {
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
    return transfers.get(transferId, role).transfer();
  }

  /** What a transfer tries without success, while it runs on this replica. */
  public Optional<Trouble> trouble(Transfer transfer) {
    return transfers.trouble(transfer.logId());
  }

  /**
   * The entries of a transfer's log from an index on; waits for the next when there are none yet,
   * but for one that another replica runs only until its log is worth another look.
   */
  public List<LogEntry> entries(
      String transferId, Optional<Role> role, int fromIndex, Duration limit) {
    RunningTransfer transfer = transfers.get(transferId, role);
    boolean here = transfers.isRunning(transfer.transfer().logId());
    boolean _ =
        transfer.await(
            now -> now.head().length() >= fromIndex || now.state().ended(),
            here || limit.compareTo(LOOK_ELSEWHERE) < 0 ? limit : LOOK_ELSEWHERE);
    return transfer.entries(fromIndex);
  }

  /** A transfer before its first entry, to fold entries onto. */
  public Transfer unopened(Transfer transfer) {
    return Transfer.unopened(transfer.role(), transfer.session().frame());
  }

  /** The epoch under which this replica writes; 0 before its first lease. */
  public long epoch() {
    return lease.epoch();
  }

  /** The roles this gateway has in a transfer. */
  public List<Role> roles(String transferId) {
    return transfers.roles(transferId);
  }

  /** This replica's logs, under its lease, for what is no transfer. */
  public LogAppender logs() {
    return new LogAppender() {
      @Override
      public void append(String logId, List<LogEntry> entries, boolean close) {
        boolean _ =
            written(() -> {
              lease.append(logId, entries, close);
              return true;
            });
      }

      @Override
      public List<LogEntry> read(String logId, int fromIndex) {
        return lease.read(logId, fromIndex);
      }
    };
  }

  /** The transfers at hand, newest first: all that run and the last that ended. */
  public List<Transfer> transfers() {
    return transfers.all();
  }

  private RunningTransfer addressee(
      OdapMessage request, String identity, String pubkey, Role role) {
    if (!identity.equals(self.identity()) && peers.find(identity).isEmpty()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PEER_UNKNOWN, "gateway: " + identity + " is not known here");
    }
    return request.type() == MessageType.INITIALIZATION_REQUEST
        ? proposed(request, request.as(InitializationRequest.class), identity, pubkey)
        : session(request, identity, role)
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_SESSION_UNKNOWN, "session_id: no such session here"));
  }

  private Optional<RunningTransfer> session(OdapMessage request, String identity, Role role) {
    Optional<RunningTransfer> transfer = transfers.held(role.logId(request.sessionId()));
    if (transfer.filter(known -> !isPeer(known, identity)).isPresent()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SESSION_NOT_YOURS,
          "session: the caller is not the other gateway of this session");
    }
    return transfer;
  }

  /**
   * The machine checks a proposal as it does any message; one that it refuses leaves nothing
   * behind. Whether its session is an old one the log says when it is to be opened, except where a
   * backup has taken over on either side since.
   */
  private RunningTransfer proposed(
      OdapMessage request, InitializationRequest proposal, String identity, String pubkey) {
    boolean bySender = proposal.getSourceGatewayPubkey().equals(pubkey);
    String named = proposal.getRecipientGatewayPubkey();
    if (!bySender || !named.equals(self.pubkey())) {
      Optional<RunningTransfer> old = session(request, identity, Role.RECIPIENT);
      if (old.isPresent()) {
        return old.get();
      }
    }
    if (!bySender && !isKeyOf(identity, proposal.getSourceGatewayPubkey())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_KEY_WRONG,
          "source_gateway_pubkey: not the key of the caller's certificate");
    }
    // Whoever proposes asks the replica it names first: here it comes when that one is gone.
    String opening = replicas.test(named) ? named : self.pubkey();
    return transfers.registered(
        Role.RECIPIENT,
        LogFrame.of(
            proposal.toBuilder().setRecipientGatewayPubkey(opening).build(),
            request.sessionId(),
            identity,
            self.identity()));
  }

  /**
   * Whose key a request is held against: the caller's. But a proposal speaks for the replica that
   * signed it, whichever brings it: that one may be gone before this gateway hears of the order.
   */
  private String speaker(
      OdapMessage request, String identity, String pubkey, RunningTransfer transfer) {
    String opening = transfer.transfer().session().peerPubkey();
    return request.type() == MessageType.INITIALIZATION_REQUEST && isKeyOf(identity, opening)
        ? opening
        : pubkey;
  }

  /** Whether a certificate of that gateway vouches for a key. */
  private boolean isKeyOf(String identity, String pubkey) {
    return peers.find(identity).filter(peer -> peer.keys().knows(pubkey)).isPresent();
  }

  private RunningTransfer newTransfer(Transfer unopened) {
    return new RunningTransfer(
        unopened,
        lease,
        this::setting,
        clock,
        changed -> {
          admission.changed(changed.transfer());
          scheduler.goOn(changed);
        });
  }

  private PeerLink link(String identity) {
    if (identity.equals(self.identity())) {
      // A direct transfer between two ledgers behind this gateway: it is its own peer (ODAP 4.6.1).
      return outgoing.apply(
          (request, from, key) -> receive(request, self.identity(), self.pubkey(), from.peer()));
    }
    return outgoing.apply(peers.get(identity).link());
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
        new AdmittedPolicy(policy, admission, transfer),
        proofs,
        attestation);
  }

  private boolean tookOver() {
    try {
      lease.takeOver();
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

  /** Takes up a transfer that somebody else, or this gateway before it stopped, has left. */
  private void recover(String logId, long epoch) {
    // With thousands to take up at once each would wait for all: reads would meet their deadlines,
    // and the heartbeat with them.
    recoveries.acquireUninterruptibly();
    try {
      if (lease.epoch() != epoch) {
        return; // Lost meanwhile; what is still ours is claimed again.
      }
      if (!Role.isLog(logId)) {
        otherLogs.accept(logId);
        return;
      }
      List<LogEntry> entries = logs.read(logId, 1);
      if (!entries.isEmpty()) {
        RunningTransfer transfer = transfers.restored(logId, entries);
        tracing.work(transfer.transfer().id()).run(() -> goOn(transfer));
        metrics.recovered();
      }
    } catch (OdapException e) {
      log.atError()
          .addKeyValue("transfer", logId)
          .addKeyValue("cause", e.description())
          .log("transfer could not be taken up; trying again");
      threads.later(START_PAUSE, () -> recover(logId, epoch));
    } finally {
      recoveries.release();
    }
  }

  private void goOn(RunningTransfer transfer) {
    boolean told;
    try {
      told = transfer.submit(new Input.Recovered()) instanceof Step.Accepted;
    } finally {
      transfers.forgetReturning(transfer);
    }
    if (!told) {
      scheduler.goOn(transfer);
    }
  }
}
