package org.odap.cli.crash;

import static org.odap.core.transfer.LogCommand.INIT_RECOVER;

import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.ListTransfersResponse;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.evidence.EvidenceFile;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.runtime.rpc.OdapErrors;

/**
 * A whole system that is crashed: orders transfers from alpha to beta, holds and kills, and audits.
 */
final class Subject implements AutoCloseable {
  static final List<String> GATEWAYS = List.of("gateway-alpha", "gateway-beta");

  private static final String FAIL_POINTS = "fail-points";
  private static final Duration RESTART_MAX = Duration.ofMinutes(2);
  private static final Duration ORDER_MAX = Duration.ofMinutes(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final int PAGE = 1_000;

  private final RunningSystem system;
  private final int logNodes;
  private final AnyReplica sender;
  private final AnyReplica recipient;
  private final FailPointFolder senderPoints;
  private final FailPointFolder recipientPoints;
  private final AtomicLong titles = new AtomicLong();

  private Subject(RunningSystem system, int logNodes) {
    this.logNodes = logNodes;
    this.system = system;
    sender = new AnyReplica(system.alpha());
    recipient = new AnyReplica(system.beta());
    senderPoints = points(system.alpha());
    recipientPoints = points(system.beta());
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      ledger.approve();
    }
  }

  private String holder() {
    return system.alpha().holder();
  }

  private String stranger() {
    return system.alpha().stranger();
  }

  private FailPointFolder points(RunningSide side) {
    return new FailPointFolder(system.folder(side.side()).resolve(FAIL_POINTS));
  }

  /**
   * Starts the system, logs and SQL ledgers on disk.
   *
   * @param from kind of the ledger on alpha's side
   * @param to kind of the ledger on beta's side
   * @param jvmOptions options of each service's JVM
   * @param backups on each side
   * @param logNodes nodes that keep each side's log
   * @param gatewaySettings what both gateways' configurations say besides
   */
  static Subject start(
      Path folder,
      LedgerKind from,
      LedgerKind to,
      List<String> jvmOptions,
      int backups,
      int logNodes,
      Map<String, Object> gatewaySettings,
      Consumer<String> progress)
      throws InterruptedException {
    Map<String, Object> settings = new LinkedHashMap<>(gatewaySettings);
    settings.put(FAIL_POINTS, FAIL_POINTS);
    SystemPlan plan =
        new SystemPlan(
                folder,
                new Side("alpha", from),
                new Side("beta", to),
                false,
                jvmOptions,
                backups,
                settings)
            .withLogNodes(logNodes);
    return new Subject(RunningSystem.start(plan, Installation.here(), progress), logNodes);
  }

  /** Gateway settings with the time-out T of their leases. */
  static Map<String, Object> withLease(Duration timeOut) {
    return Map.of("lease", Map.of("duration", timeOut.toSeconds() + "s"));
  }

  /** Orders so many transfers at once, each of a title of its own; an order is repeated. */
  List<TestedTransfer> order(int count, boolean doomed) {
    List<TestedTransfer> transfers = new ArrayList<>();
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      for (int i = 0; i < count; i++) {
        TestedTransfer transfer =
            new TestedTransfer(Long.toString(titles.incrementAndGet()), doomed);
        ledger.issueTitle(transfer.title(), doomed ? stranger() : holder());
        transfers.add(transfer);
      }
    }
    for (TestedTransfer transfer : transfers) {
      var _ = Thread.ofVirtual().start(() -> order(transfer));
    }
    return transfers;
  }

  /** Orders one more, whatever is down just now; it is taken when everything is up again. */
  TestedTransfer next() {
    TestedTransfer transfer = new TestedTransfer(Long.toString(titles.incrementAndGet()), false);
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              boolean _ = Looking.until(ORDER_MAX, () -> issued(transfer));
              order(transfer);
            });
    return transfer;
  }

  private boolean issued(TestedTransfer transfer) {
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      return tried(
              () -> {
                if (ledger.titleOwner(transfer.title()).isEmpty()) {
                  ledger.issueTitle(transfer.title(), holder());
                }
                return true;
              })
          .orElse(false);
    }
  }

  /** Orders cash transfers and does not wait for their ends. */
  void orderAndLeave(int count, int atOnce) throws InterruptedException {
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      ledger.issueCash(Integer.toString(count), holder());
    }
    AtomicLong left = new AtomicLong(count);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      workers.add(
          Thread.ofVirtual()
              .start(() -> {
                while (left.getAndDecrement() > 0) {
                  boolean _ =
                      Looking.until(
                          ORDER_MAX,
                          () ->
                              tried(() -> sender.ask(any -> any.startTransfer(ofOneCent())))
                                  .isPresent());
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private StartTransferRequest ofOneCent() {
    return request(
        AssetNames.CASH_PROFILE,
        Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount("1").build());
  }

  /** The sender's transfers that have not ended; none when it can't be asked. */
  List<Transfer> unfinished() {
    List<Transfer> found = new ArrayList<>();
    ListTransfersRequest.Builder page =
        ListTransfersRequest.newBuilder().setUnfinishedOnly(true).setPageSize(PAGE);
    do {
      ListTransfersResponse answer =
          tried(() -> sender.ask(any -> any.listTransfers(page.build())))
              .orElse(ListTransfersResponse.getDefaultInstance());
      found.addAll(answer.getTransfersList());
      page.setPageToken(answer.getNextPageToken());
    } while (!page.getPageToken().isEmpty());
    return found;
  }

  private void order(TestedTransfer transfer) {
    StartTransferRequest request =
        request(
            AssetNames.TITLE_PROFILE,
            Asset.newBuilder()
                .setKind(AssetKind.ASSET_KIND_UNIQUE)
                .setAssetId(transfer.title())
                .build());
    boolean _ =
        Looking.until(
            ORDER_MAX,
            () ->
                tried(() ->
                        sender.ask(any -> any.startTransfer(request)).getTransfer().getTransferId())
                    .map(id -> {
                      transfer.ordered(id);
                      return true;
                    })
                    .orElse(false));
  }

  private StartTransferRequest request(String profile, Asset asset) {
    return StartTransferRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setSenderDltSystem(system.alpha().side().dltSystem())
        .setRecipientGateway(system.beta().side().gateway().uri())
        .setRecipientDltSystem(system.beta().side().dltSystem())
        .setAssetProfileId(profile)
        .setAsset(asset)
        .setOrigin(holder())
        .setOriginatorPubkey(sender.publicKey())
        .setDestination(system.beta().holder())
        .setBeneficiaryPubkey(recipient.publicKey())
        .build();
  }

  /**
   * What can be killed, by name. A Fabric peer keeps its chain on disk; an Ethereum node does not.
   */
  static List<String> victims(LedgerKind from, LedgerKind to, int backups, int logNodes) {
    List<String> all = new ArrayList<>();
    for (Side side : List.of(new Side("alpha", from), new Side("beta", to))) {
      for (int number = 0; number <= backups; number++) {
        all.add(Side.gatewayName(number) + "-" + side.name());
      }
      for (int node = 0; node < logNodes; node++) {
        all.add(Side.logName(node) + "-" + side.name());
      }
      all.add("ledger-" + side.name());
      if (side.kind() == LedgerKind.FABRIC) {
        all.add("peer-" + side.name());
      }
    }
    return all;
  }

  List<String> victims() {
    return victims(
        system.alpha().side().kind(),
        system.beta().side().kind(),
        system.alpha().backups().size(),
        logNodes);
  }

  void arm(Collection<CrashPoint> points) {
    points.forEach(point -> (point.ofSender() ? senderPoints : recipientPoints).arm(point));
  }

  int armed() {
    return senderPoints.armed() + recipientPoints.armed();
  }

  void disarm() {
    senderPoints.disarm();
    recipientPoints.disarm();
  }

  /** Transfers held, by the text of their point. */
  Map<String, String> held() {
    Map<String, String> held = senderPoints.held();
    held.putAll(recipientPoints.held());
    return held;
  }

  /** How many transfers are held at one point. */
  int held(CrashPoint point) {
    return (point.ofSender() ? senderPoints : recipientPoints).held(point);
  }

  /** Lets those go on that are held at one point. */
  void releaseAt(CrashPoint point) {
    (point.ofSender() ? senderPoints : recipientPoints).clear(point);
  }

  void release() {
    senderPoints.clear();
    recipientPoints.clear();
  }

  void kill(List<String> victims) throws InterruptedException {
    system.processes().kill(victims);
  }

  void restart(List<String> victims) throws InterruptedException {
    system.processes().restart(RESTART_MAX, victims);
  }

  /** The commands in a role's log of a transfer, in order. */
  Set<String> commands(String transferId, String role) {
    Set<String> commands = new LinkedHashSet<>();
    AnyReplica gateway = role.equals("sender") ? sender : recipient;
    entries(export(gateway, transferId))
        .forEach(entry -> commands.add(entry.getPayload().getMessage()));
    return commands;
  }

  /** Waits until a transfer has ended on both sides. */
  boolean ended(TestedTransfer transfer, Duration limit) {
    return Looking.until(
        limit,
        () ->
            transfer.id().isPresent()
                && ended(sender, transfer.id().get(), GatewayRole.GATEWAY_ROLE_SENDER)
                && ended(recipient, transfer.id().get(), GatewayRole.GATEWAY_ROLE_RECIPIENT));
  }

  private static boolean ended(AnyReplica gateway, String id, GatewayRole role) {
    return outcome(gateway, id, role) != TransferOutcome.TRANSFER_OUTCOME_RUNNING;
  }

  /** A recipient that has never heard of a transfer has nothing to end: UNSPECIFIED. */
  private static TransferOutcome outcome(AnyReplica gateway, String id, GatewayRole role) {
    try {
      GetTransferRequest request =
          GetTransferRequest.newBuilder().setTransferId(id).setRole(role).build();
      return gateway.ask(any -> any.getTransfer(request)).getTransfer().getOutcome();
    } catch (StatusRuntimeException refused) {
      return OdapErrors.fromGrpc(refused).reason() == ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN
          ? TransferOutcome.TRANSFER_OUTCOME_UNSPECIFIED
          : TransferOutcome.TRANSFER_OUTCOME_RUNNING;
    }
  }

  /** Looks at both ledgers and both logs of a transfer that should have ended. */
  Audit audit(TestedTransfer transfer, Duration limit) {
    if (!ended(transfer, limit)) {
      String id = transfer.id().orElse("(order not taken, title " + transfer.title() + ")");
      return new Audit(
          id, "NOT ENDED", 0, OptionalLong.empty(), List.of("not ended after " + limit));
    }
    String id = transfer.id().orElseThrow();
    TransferOutcome own = outcome(sender, id, GatewayRole.GATEWAY_ROLE_SENDER);
    TransferOutcome other = outcome(recipient, id, GatewayRole.GATEWAY_ROLE_RECIPIENT);
    List<String> findings = new ArrayList<>();
    boolean moved = own == TransferOutcome.TRANSFER_OUTCOME_COMPLETED;
    if (moved != (other == TransferOutcome.TRANSFER_OUTCOME_COMPLETED)) {
      findings.add("sender says " + own + ", recipient says " + other);
    }
    if (moved && transfer.doomed()) {
      findings.add("completed though the source ledger had to refuse");
    }
    findings.addAll(owners(transfer, moved));
    EvidenceBundle bundle = export(sender, id);
    if (other != TransferOutcome.TRANSFER_OUTCOME_UNSPECIFIED) {
      bundle = EvidenceBundles.merge(bundle, export(recipient, id));
    }
    EvidenceReport report =
        EvidenceVerifier.verify(
            bundle,
            EvidenceFile.certificates(List.of(system.alpha().entity(), system.beta().entity())));
    report.findings().forEach(finding -> findings.add("evidence: " + finding.text()));
    return new Audit(
        id,
        report.outcome().end().name(),
        last(bundle, any -> true).orElse(0),
        last(bundle, entry -> entry.getPayload().getMessage().equals(INIT_RECOVER.text())),
        findings);
  }

  private static OptionalLong last(EvidenceBundle bundle, Predicate<LogEntry> which) {
    return entries(bundle).stream()
        .filter(which)
        .mapToLong(entry -> entry.getPayload().getRecordedAt())
        .max();
  }

  private List<String> owners(TestedTransfer transfer, boolean moved) {
    String owner = transfer.doomed() ? stranger() : holder();
    Optional<String> here;
    Optional<String> there;
    try (LedgerAccess source = new LedgerAccess(system.alpha());
        LedgerAccess destination = new LedgerAccess(system.beta())) {
      here = answered(() -> source.titleOwner(transfer.title()));
      there = answered(() -> destination.titleOwner(transfer.title()));
    }
    boolean right =
        moved
            ? here.isEmpty() && there.equals(Optional.of(system.beta().holder()))
            : here.equals(Optional.of(owner)) && there.isEmpty();
    return right
        ? List.of()
        : List.of("title " + transfer.title() + ": source " + here + ", destination " + there);
  }

  private static List<LogEntry> entries(EvidenceBundle bundle) {
    return bundle.getLogsList().stream().flatMap(log -> log.getEntriesList().stream()).toList();
  }

  private static EvidenceBundle export(AnyReplica gateway, String transferId) {
    ExportEvidenceRequest request =
        ExportEvidenceRequest.newBuilder().setTransferId(transferId).build();
    return answered(() -> gateway.ask(any -> any.exportEvidence(request)).getBundle());
  }

  /** Connections to a process that was killed may break once more after it is up again. */
  private static <T> T answered(Supplier<T> call) {
    List<T> answers = new ArrayList<>();
    boolean _ = Looking.until(ANSWER_MAX, () -> tried(call).map(answers::add).orElse(false));
    return answers.isEmpty() ? call.get() : answers.getFirst();
  }

  /** Empty when the call failed. */
  private static <T> Optional<T> tried(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (StatusRuntimeException failed) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    release();
    sender.close();
    recipient.close();
    system.close();
  }
}
