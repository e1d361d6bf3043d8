package org.odap.it.system;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayLedger;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.OperationServiceGrpc;
import org.odap.api.client.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcTarget;

/** What an organization's client does at its gateway and on its ledgers. */
public final class Client {
  private static final int CALL_SECONDS_MAX = 20;
  private static final AtomicInteger NUMBERS = new AtomicInteger(1000);

  private final Organization own;
  private final RpcTarget gateway;
  private final String pubkey;

  /** The client of an organization. */
  public Client(Organization own) {
    this(own, own.gateway());
  }

  /** The same at one of the organization's gateways. */
  public Client(Organization own, RpcTarget gateway) {
    this.own = own;
    this.gateway = gateway;
    this.pubkey =
        TlsMaterial.load(own.certificate("odapclient", "somebody", List.of()))
            .signingKey()
            .publicKey();
  }

  /** A number no other story uses. */
  public static int number() {
    return NUMBERS.incrementAndGet();
  }

  /** An account no other story uses. */
  public static String account(String name) {
    return name + "-" + number();
  }

  /** A unique asset no other story uses. */
  public static Asset unique() {
    return Asset.newBuilder().setAssetId(Integer.toString(number())).build();
  }

  /** An amount of a fungible asset. */
  public static Asset amount(int amount) {
    return Asset.newBuilder().setAmount(Integer.toString(amount)).build();
  }

  /** The gateway's client API. */
  public TransferServiceBlockingStub gateway() {
    return TransferServiceGrpc.newBlockingStub(own.channel(gateway))
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** The gateway's service for operators. */
  public OperationServiceBlockingStub operations() {
    return OperationServiceGrpc.newBlockingStub(own.channel(gateway))
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private LedgerServiceBlockingStub ledger(String dltSystem) {
    Channel channel = own.channel(own.ledger(dltSystem));
    return LedgerServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** Waits until the gateway reaches its ledgers, as it does soon after a crash was healed. */
  public void awaitLedgers() {
    Conditions.await(
        own.name() + "'s gateway to reach its ledgers",
        () -> {
          try {
            return gateway()
                .describeGateway(DescribeGatewayRequest.getDefaultInstance())
                .getLedgersList();
          } catch (StatusRuntimeException down) {
            return List.<GatewayLedger>of();
          }
        },
        ledgers -> !ledgers.isEmpty() && ledgers.stream().allMatch(GatewayLedger::getReachable));
  }

  /** Issues an asset to an account. */
  public void issue(String dltSystem, Profile profile, Asset asset, String owner) {
    Asset issued =
        asset.toBuilder().setKind(profile.kind()).setAssetClass(profile.assetClass()).build();
    SubmissionState state =
        ledger(dltSystem)
            .create(
                CreateRequest.newBuilder()
                    .setRequestId("issue-" + number())
                    .setAsset(issued)
                    .setOwner(owner)
                    .build())
            .getOutcome()
            .getState();
    if (state != SubmissionState.SUBMISSION_STATE_DONE) {
      throw new IllegalStateException("not issued: " + state);
    }
  }

  /** Has an owner approve that gateways lock what it holds of a class. */
  public void approve(String dltSystem, Profile profile, String owner) {
    var answer =
        ledger(dltSystem)
            .write(
                WriteRequest.newBuilder()
                    .setRequestId("approve-" + number())
                    .setLocation("approvals/" + profile.assetClass() + "/" + owner)
                    .setValue("{\"approved\":true}")
                    .build());
    if (answer.getOutcome().getState() != SubmissionState.SUBMISSION_STATE_DONE) {
      throw new IllegalStateException("not approved: " + answer);
    }
  }

  /** What an account holds, a line an asset or balance; a lock is said. */
  public List<String> holdings(String dltSystem, String account) {
    return ledger(dltSystem)
        .read(ReadRequest.newBuilder().setAccount(account).build())
        .getHoldingsList()
        .stream()
        .filter(holding -> !holding.getAmount().equals("0"))
        .map(Client::line)
        .sorted()
        .toList();
  }

  private static String line(Holding holding) {
    String what =
        holding.getKind() == AssetKind.ASSET_KIND_UNIQUE
            ? holding.getAssetClass() + "/" + holding.getAssetId()
            : holding.getAmount() + " " + holding.getAssetClass();
    return what
        + switch (holding.getState()) {
          case RECORD_STATE_AVAILABLE -> "";
          default -> " " + holding.getState();
        };
  }

  /** The start of an order of this client's. */
  public StartTransferRequest.Builder order(
      String fromDlt, Organization recipient, String toDlt, Profile profile, Asset asset) {
    return StartTransferRequest.newBuilder()
        .setRequestId("order-" + number())
        .setSenderDltSystem(fromDlt)
        .setRecipientGateway(recipient.gateway().identity())
        .setRecipientDltSystem(toDlt)
        .setAssetProfileId(profile.id())
        .setAsset(asset)
        .setOriginatorPubkey(pubkey)
        .setBeneficiaryPubkey(pubkey);
  }

  /** Orders a transfer; gives its id. */
  public String start(StartTransferRequest order) {
    return gateway().startTransfer(order).getTransfer().getTransferId();
  }

  /** The transfer as this gateway has it in a role. */
  public Transfer transfer(String id, GatewayRole role) {
    return gateway()
        .getTransfer(GetTransferRequest.newBuilder().setTransferId(id).setRole(role).build())
        .getTransfer();
  }

  /** The same where the gateway may be down or may not know the transfer yet. */
  private Optional<Transfer> seen(String id, GatewayRole role) {
    try {
      return Optional.of(transfer(id, role));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** Waits until the transfer is in a state. */
  public Transfer awaitState(String id, GatewayRole role, String... states) {
    return Conditions.await(
            own.name() + " to be in " + Arrays.toString(states),
            () -> seen(id, role),
            transfer ->
                transfer.filter(now -> List.of(states).contains(now.getState())).isPresent())
        .orElseThrow();
  }

  /** Waits until the transfer has ended. */
  public Transfer awaitEnd(String id, GatewayRole role) {
    return Conditions.await(
            own.name() + "'s transfer to end",
            () -> seen(id, role),
            transfer ->
                transfer
                    .filter(now -> now.getOutcome() != TransferOutcome.TRANSFER_OUTCOME_RUNNING)
                    .isPresent())
        .orElseThrow();
  }

  /** This gateway's evidence of a transfer. */
  public EvidenceBundle evidence(String id) {
    return gateway()
        .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(id).build())
        .getBundle();
  }

  /** The refusal a call meets. */
  public static OdapException refusal(Supplier<?> call) {
    try {
      Object answer = call.get();
      throw new AssertionError("not refused: " + answer);
    } catch (StatusRuntimeException e) {
      return OdapErrors.fromGrpc(e);
    }
  }

  /** The reason of the refusal a call meets. */
  public static ErrorReason reason(Supplier<?> call) {
    return refusal(call).reason();
  }
}
