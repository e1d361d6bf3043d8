package org.odap.cli.crash;

import static org.odap.core.transfer.LogCommand.INIT_RECOVER;

import io.grpc.StatusRuntimeException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
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
import org.odap.cli.system.RunningSide;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.runtime.rpc.OdapErrors;

/**
 * Transfers that a test orders from one side of a running system to the other, and what it finds of
 * them when they should have ended.
 */
final class TestedTransfers implements AutoCloseable {
  private static final Duration ORDER_MAX = Duration.ofMinutes(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final int PAGE = 1_000;

  /** Whichever side a title is issued on, it may come to the other. */
  private static final AtomicLong TITLES = new AtomicLong();

  private final RunningSide from;
  private final RunningSide to;
  private final AnyReplica sender;
  private final AnyReplica recipient;
  private final LedgerAccess source;
  private final LedgerAccess destination;
  private final Set<X509Certificate> entities = new LinkedHashSet<>();

  TestedTransfers(RunningSide from, RunningSide to) {
    this.from = from;
    this.to = to;
    sender = new AnyReplica(from);
    recipient = new AnyReplica(to);
    entities();
    source = new LedgerAccess(from);
    destination = new LedgerAccess(to);
    source.approve();
  }

  /** Those of now and those there were: evidence needs the certificates of its time. */
  private synchronized List<X509Certificate> entities() {
    entities.addAll(EvidenceFile.certificates(List.of(from.entity(), to.entity())));
    return List.copyOf(entities);
  }

  /** Orders so many transfers at once, each of a title of its own; an order is repeated. */
  List<TestedTransfer> order(int count, boolean doomed) {
    List<TestedTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestedTransfer transfer = new TestedTransfer(Long.toString(TITLES.incrementAndGet()), doomed);
      source.issueTitle(transfer.title(), doomed ? from.stranger() : from.holder());
      transfers.add(transfer);
    }
    for (TestedTransfer transfer : transfers) {
      var _ = Thread.ofVirtual().start(() -> order(transfer));
    }
    return transfers;
  }

  /** Orders one more, whatever is down just now; it is taken when everything is up again. */
  TestedTransfer next() {
    TestedTransfer transfer = new TestedTransfer(Long.toString(TITLES.incrementAndGet()), false);
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              boolean _ = Looking.until(ORDER_MAX, () -> issued(transfer));
              order(transfer);
            });
    return transfer;
  }

  private boolean issued(TestedTransfer transfer) {
    return tried(
            () -> {
              if (source.titleOwner(transfer.title()).isEmpty()) {
                source.issueTitle(transfer.title(), from.holder());
              }
              return true;
            })
        .orElse(false);
  }

  /** Orders cash transfers and does not wait for their ends. */
  void orderAndLeave(int count, int atOnce) throws InterruptedException {
    source.issueCash(Integer.toString(count), from.holder());
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
        .setSenderDltSystem(from.side().dltSystem())
        .setRecipientGateway(to.side().gateway().uri())
        .setRecipientDltSystem(to.side().dltSystem())
        .setAssetProfileId(profile)
        .setAsset(asset)
        .setOrigin(from.holder())
        .setOriginatorPubkey(sender.publicKey())
        .setDestination(to.holder())
        .setBeneficiaryPubkey(recipient.publicKey())
        .build();
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
    EvidenceReport report = EvidenceVerifier.verify(bundle, entities());
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
    String owner = transfer.doomed() ? from.stranger() : from.holder();
    Optional<String> here = answered(() -> source.titleOwner(transfer.title()));
    Optional<String> there = answered(() -> destination.titleOwner(transfer.title()));
    boolean right =
        moved
            ? here.isEmpty() && there.equals(Optional.of(to.holder()))
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
    sender.close();
    recipient.close();
    source.close();
    destination.close();
  }
}
