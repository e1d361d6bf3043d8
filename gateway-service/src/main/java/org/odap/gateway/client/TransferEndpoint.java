package org.odap.gateway.client;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.CancelTransferResponse;
import org.odap.api.client.v1.DecideTransferRequest;
import org.odap.api.client.v1.DecideTransferResponse;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.api.client.v1.DescribeGatewayResponse;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.ExportEvidenceResponse;
import org.odap.api.client.v1.GatewayLedger;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.GetTransferResponse;
import org.odap.api.client.v1.GetTravelRuleDataRequest;
import org.odap.api.client.v1.GetTravelRuleDataResponse;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.ListTransfersResponse;
import org.odap.api.client.v1.ResolveTransferRequest;
import org.odap.api.client.v1.ResolveTransferResponse;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.StartTransferResponse;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.api.client.v1.WatchTransferResponse;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.access.Permission;
import org.odap.core.envelope.Hash;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.driver.TransferDriver;
import org.odap.gateway.driver.Trouble;
import org.odap.gateway.history.Known;
import org.odap.gateway.history.TransferHistory;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.travelrule.TravelRule;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.Work;

/** API type 1 over gRPC: what clients ask of their gateway (ODAP 4.3, 5.10.6). */
public final class TransferEndpoint extends TransferServiceGrpc.TransferServiceImplBase {
  private static final int PAGE_DEFAULT = 100;
  private static final int PAGE_MAX = 1_000;
  private static final int REASON_MAX = 1_024;

  /** How long a watcher waits before it looks whether its client is still there. */
  private static final Duration WATCH_ROUND = Duration.ofSeconds(5);

  private final TransferDriver driver;
  private final TransferHistory history;
  private final Orders orders;
  private final Ledgers ledgers;
  private final AssetProfiles profiles;
  private final Certificates certificates;
  private final TransferAccess access;

  /** What identifies this gateway and the peers to a verifier. */
  public interface Certificates {
    /** This gateway's identity. */
    String identity();

    /** This gateway's public key, base64url SPKI DER. */
    String pubkey();

    /**
     * Certificate chains, PEM, of the keys this gateway used in a session: that of the replica that
     * opened it first.
     */
    List<String> own(Session session);

    /** The same of the other gateway, as far as they are known here. */
    List<String> ofPeer(Session session);

    /** Identities of the peers known here. */
    Set<String> peers();
  }

  /** An endpoint over a driver. */
  public TransferEndpoint(
      TransferDriver driver,
      TransferHistory history,
      Orders orders,
      Ledgers ledgers,
      AssetProfiles profiles,
      Certificates certificates,
      TransferAccess access) {
    this.driver = driver;
    this.history = history;
    this.orders = orders;
    this.ledgers = ledgers;
    this.profiles = profiles;
    this.certificates = certificates;
    this.access = access;
  }

  @Override
  public void startTransfer(
      StartTransferRequest request, StreamObserver<StartTransferResponse> observer) {
    Answers.answer(
        observer,
        StartTransferResponse.newBuilder()
            .setTransfer(order(request, CurrentCaller.get()))
            .build());
  }

  /**
   * Takes a caller's order, over whichever of the services it came.
   *
   * @throws OdapException as StartTransfer
   */
  public org.odap.api.client.v1.Transfer order(StartTransferRequest asked, Caller caller) {
    String client = caller.identity().uri();
    Work.isFor(orders.sessionId(client, asked.getRequestId()));
    access.requireOrder(caller, asked);
    Orders.Taken taken = orders.order(asked, client);
    return view(driver.order(taken.order(), taken.session(), taken.recipient()));
  }

  /** How a transfer stands that was ordered here; who may know is the asker's to check. */
  public org.odap.api.client.v1.Transfer ordered(String transferId) {
    return view(driver.transfer(transferId, Optional.of(Role.SENDER)));
  }

  @Override
  public void getTransfer(
      GetTransferRequest request, StreamObserver<GetTransferResponse> observer) {
    Transfer transfer = visible(request.getTransferId(), role(request.getRole()));
    Answers.answer(
        observer,
        GetTransferResponse.newBuilder()
            .setTransfer(view(transfer))
            .addAllPermissions(access.permissions(CurrentCaller.get(), transfer))
            .build());
  }

  @Override
  public void listTransfers(
      ListTransfersRequest request, StreamObserver<ListTransfersResponse> observer) {
    int size = request.getPageSize() == 0 ? PAGE_DEFAULT : request.getPageSize();
    if (size < 1 || size > PAGE_MAX) {
      throw OdapException.fieldInvalid("page_size", request.getPageSize(), "1 to " + PAGE_MAX);
    }
    if (!history.complete()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "transfers are being counted after a start: ask again");
    }
    Caller caller = CurrentCaller.get();
    AtomicInteger hidden = new AtomicInteger();
    List<Known> page =
        history
            .newestFirst(request.getPageToken())
            .filter(TransferFilter.of(request))
            .filter(access.visible(caller, hidden))
            .limit(size + 1L)
            .toList();
    access.listed(caller, Math.min(size, page.size()), hidden.get());
    ListTransfersResponse.Builder answer = ListTransfersResponse.newBuilder();
    page.stream()
        .limit(size)
        .flatMap(known -> listed(known).stream())
        .forEach(answer::addTransfers);
    if (page.size() > size) {
      answer.setNextPageToken(page.get(size - 1).place());
    }
    Answers.answer(observer, answer.build());
  }

  @Override
  public void watchTransfer(
      WatchTransferRequest request, StreamObserver<WatchTransferResponse> observer) {
    Optional<Role> role = role(request.getRole());
    String id = id(request.getTransferId());
    ServerCallStreamObserver<WatchTransferResponse> client =
        (ServerCallStreamObserver<WatchTransferResponse>) observer;
    Caller caller = CurrentCaller.get();
    Transfer watched = visible(id, role);
    Transfer at = driver.unopened(watched);
    Optional<Trouble> told = Optional.empty();
    while (!at.state().ended() && !client.isCancelled()) {
      if (!access.sees(caller, watched)) {
        Transfer _ = access.visible(caller, watched); // Refuses: the rules have changed since.
      }
      Optional<Trouble> trouble = driver.trouble(at);
      if (isNews(trouble, told)) {
        client.onNext(
            WatchTransferResponse.newBuilder().setTransfer(TransferViews.of(at, trouble)).build());
        told = trouble;
      }
      List<LogEntry> entries = driver.entries(id, role, at.head().length() + 1, WATCH_ROUND);
      if (!entries.isEmpty()) {
        // It got further: what it still meets after that is told again.
        told = Optional.empty();
      }
      if (!entries.isEmpty() && entries.getLast().getSeqNumber() < request.getFromIndex()) {
        // None of these is wanted: how the transfer stood after each need not be worked out.
        at = driver.transfer(id, role);
        continue;
      }
      for (LogEntry entry : entries) {
        at = TransferMachine.apply(at, entry);
        if (entry.getSeqNumber() >= request.getFromIndex()) {
          client.onNext(
              WatchTransferResponse.newBuilder()
                  .setTransfer(TransferViews.of(at, Optional.empty()))
                  .setLogEntry(entry)
                  .build());
        }
      }
    }
    if (client.isCancelled()) {
      return; // Nobody listens any more.
    }
    client.onCompleted();
  }

  @Override
  public void decideTransfer(
      DecideTransferRequest request, StreamObserver<DecideTransferResponse> observer) {
    String id = id(request.getTransferId());
    Role role = role(request.getRole()).orElseGet(() -> deciding(id));
    String client = require(Permission.APPROVE, id, Optional.of(role));
    if (!request.getApprove()) {
      reason(request.getReason());
    }
    ClientRequest wish = Wishes.of(client, request);
    Input decision =
        request.getApprove()
            ? new Input.Approved(wish)
            : new Input.Declined(wish, request.getReason());
    if (request.getApprove()) {
      notByWhoOrdered(id, client);
    }
    Transfer transfer = driver.submit(id, Optional.of(role), decision);
    Answers.answer(
        observer, DecideTransferResponse.newBuilder().setTransfer(view(transfer)).build());
  }

  /** The role in which a decision is waited for; of a direct transfer it may be either. */
  private Role deciding(String id) {
    List<Role> roles = driver.roles(id);
    return roles.stream()
        .filter(role -> driver.transfer(id, Optional.of(role)).awaitsDecision())
        .findFirst()
        .orElse(roles.contains(Role.SENDER) && roles.size() == 1 ? Role.SENDER : Role.RECIPIENT);
  }

  /** The recipient's log of a direct transfer does not say who ordered it: the sender's does. */
  private void notByWhoOrdered(String id, String client) {
    boolean own =
        driver.roles(id).contains(Role.SENDER)
            && driver
                .transfer(id, Optional.of(Role.SENDER))
                .order()
                .filter(order -> order.getClient().equals(client))
                .isPresent();
    if (own) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_OWN_ORDER,
          "approve: who ordered a transfer may not approve it (expected: somebody else)");
    }
  }

  @Override
  public void cancelTransfer(
      CancelTransferRequest request, StreamObserver<CancelTransferResponse> observer) {
    reason(request.getReason());
    String client = require(Permission.CANCEL, request.getTransferId(), role(request.getRole()));
    Transfer transfer =
        driver.submit(
            id(request.getTransferId()),
            role(request.getRole()),
            new Input.Canceled(Wishes.of(client, request), request.getReason()));
    Answers.answer(
        observer, CancelTransferResponse.newBuilder().setTransfer(view(transfer)).build());
  }

  @Override
  public void resolveTransfer(
      ResolveTransferRequest request, StreamObserver<ResolveTransferResponse> observer) {
    reason(request.getReason());
    String client = require(Permission.RESOLVE, request.getTransferId(), role(request.getRole()));
    Transfer transfer =
        driver.submit(
            id(request.getTransferId()),
            role(request.getRole()),
            new Input.Resolved(Wishes.of(client, request), request.getReason()));
    Answers.answer(
        observer, ResolveTransferResponse.newBuilder().setTransfer(view(transfer)).build());
  }

  @Override
  public void exportEvidence(
      ExportEvidenceRequest request, StreamObserver<ExportEvidenceResponse> observer) {
    String id = id(request.getTransferId());
    EvidenceBundle.Builder bundle =
        EvidenceBundle.newBuilder().setFormatVersion(1).setTransferId(id);
    // Unknown transfers are refused here.
    Transfer any = visibleInSomeRole(id);
    for (Role role : driver.roles(id)) {
      Transfer transfer = role == any.role() ? any : driver.transfer(id, Optional.of(role));
      if (role != any.role() && !access.sees(CurrentCaller.get(), transfer)) {
        continue; // The other ledger of a direct transfer, which is not this client's to see.
      }
      bundle.addLogs(
          GatewayLog.newBuilder()
              .setRole(role.word())
              .setGateway(certificates.identity())
              .addAllCertificates(certificates.own(transfer.session()))
              .addAllPeerCertificates(certificates.ofPeer(transfer.session()))
              .addAllEntries(driver.entries(id, Optional.of(role), 1, Duration.ZERO)));
    }
    Answers.answer(observer, ExportEvidenceResponse.newBuilder().setBundle(bundle).build());
  }

  @Override
  public void getTravelRuleData(
      GetTravelRuleDataRequest request, StreamObserver<GetTravelRuleDataResponse> observer) {
    String id = id(request.getTransferId());
    Transfer transfer = driver.transfer(id, driver.roles(id).stream().findFirst());
    access.require(CurrentCaller.get(), Permission.READ_TRAVEL_RULE, transfer);
    TravelRule.Kept kept =
        orders
            .travelRule(transfer.session(), certificates.identity())
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
                    "transfer_id: no travel-rule data of this transfer"));
    Answers.answer(
        observer,
        GetTravelRuleDataResponse.newBuilder()
            .setPayload(kept.payload())
            .setPayloadHash(Hash.of(kept.payload().getBytes(StandardCharsets.UTF_8)))
            .setDocument(kept.document().orElse(""))
            .build());
  }

  @Override
  public void describeGateway(
      DescribeGatewayRequest request, StreamObserver<DescribeGatewayResponse> observer) {
    DescribeGatewayResponse.Builder answer =
        DescribeGatewayResponse.newBuilder()
            .setGateway(certificates.identity())
            .setPubkey(certificates.pubkey())
            .addAllAssetProfileIds(profiles.ids())
            .addAllPeers(certificates.peers())
            .addAllPermissions(access.permissions(CurrentCaller.get()))
            .setSoftwareVersion(
                Optional.ofNullable(TransferEndpoint.class.getPackage().getImplementationVersion())
                    .orElse("development"));
    access
        .visibleLedgers(CurrentCaller.get(), ledgers.all().stream().map(Ledger::dltSystem).toList())
        .forEach(dlt -> answer.addLedgers(describe(ledgers.get(dlt))));
    Answers.answer(observer, answer.build());
  }

  private Transfer visible(String transferId, Optional<Role> role) {
    return access.visible(CurrentCaller.get(), driver.transfer(id(transferId), role));
  }

  private Transfer visibleInSomeRole(String transferId) {
    List<Transfer> both =
        driver.roles(transferId).stream()
            .map(role -> driver.transfer(transferId, Optional.of(role)))
            .toList();
    return both.stream()
        .filter(transfer -> access.sees(CurrentCaller.get(), transfer))
        .findFirst()
        .map(transfer -> access.visible(CurrentCaller.get(), transfer))
        .orElseGet(() -> visible(transferId, Optional.empty()));
  }

  /** Who calls, who may do this with the transfer. */
  private String require(Permission permission, String transferId, Optional<Role> role) {
    Caller caller = CurrentCaller.get();
    access.require(caller, permission, driver.transfer(id(transferId), role));
    return caller.identity().uri();
  }

  private static GatewayLedger describe(Ledger ledger) {
    GatewayLedger.Builder view = GatewayLedger.newBuilder().setDltSystem(ledger.dltSystem());
    try {
      DescribeResponse described = ledger.describe();
      view.setReachable(true)
          .setLedgerKind(described.getLedgerKind())
          .addAllCapabilities(described.getCapabilitiesList());
    } catch (OdapException e) {
      view.setReachable(false);
    }
    return view.build();
  }

  /** Nothing when it is about to begin, or did not begin after all. */
  private Optional<org.odap.api.client.v1.Transfer> listed(Known known) {
    try {
      return Optional.of(view(driver.transfer(known.transferId(), Optional.of(known.role()))));
    } catch (OdapException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private org.odap.api.client.v1.Transfer view(Transfer transfer) {
    return TransferViews.of(transfer, driver.trouble(transfer));
  }

  /** Attempts alone are no news: there is one every few seconds. */
  private static boolean isNews(Optional<Trouble> now, Optional<Trouble> told) {
    return now.isPresent() != told.isPresent()
        || (now.isPresent() && !now.get().isStill(told.orElseThrow()));
  }

  private static Optional<Role> role(GatewayRole role) {
    return switch (role) {
      case GATEWAY_ROLE_SENDER -> Optional.of(Role.SENDER);
      case GATEWAY_ROLE_RECIPIENT -> Optional.of(Role.RECIPIENT);
      case GATEWAY_ROLE_UNSPECIFIED -> Optional.empty();
      case UNRECOGNIZED ->
          throw OdapException.fieldInvalid("role", "unknown", "sender or recipient");
    };
  }

  private static String id(String transferId) {
    if (transferId.isEmpty()) {
      throw OdapException.fieldMissing("transfer_id");
    }
    Work.isAbout(transferId);
    return transferId;
  }

  private static void reason(String reason) {
    if (reason.isEmpty()) {
      throw OdapException.fieldMissing("reason");
    }
    if (reason.length() > REASON_MAX) {
      throw OdapException.fieldInvalid(
          "reason", reason.length() + " characters", "at most " + REASON_MAX);
    }
  }
}
