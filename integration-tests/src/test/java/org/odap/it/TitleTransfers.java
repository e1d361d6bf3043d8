package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.client.TransferWatch;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.evidence.Vouched;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;

/** Transfers of titles from one ledger of a system to the other, and what was vouched for. */
final class TitleTransfers implements AutoCloseable {
  private final RunningSide alpha;
  private final RunningSide beta;
  private final GatewayConnection sender;
  private final GatewayConnection recipient;
  private final LedgerAccess source;
  private final LedgerAccess destination;

  TitleTransfers(RunningSystem system) {
    alpha = system.alpha();
    beta = system.beta();
    sender = GatewayConnection.open(ProfileOption.read(alpha.replicas()));
    recipient = GatewayConnection.open(ProfileOption.read(beta.replicas()));
    source = new LedgerAccess(alpha);
    destination = new LedgerAccess(beta);
    source.approve();
    destination.approve();
  }

  /** A new title on the first ledger. */
  String issue() {
    String title = Integer.toString(Client.number());
    source.issueTitle(title, alpha.holder());
    return title;
  }

  /** Orders a title's transfer: its id. */
  String start(String title) {
    return start(title, UUID.randomUUID().toString());
  }

  /** Orders a title's transfer, or repeats the order: its id. */
  String start(String title, String requestId) {
    return sender
        .transfers()
        .startTransfer(
            StartTransferRequest.newBuilder()
                .setRequestId(requestId)
                .setSenderDltSystem(source.name())
                .setRecipientGateway(beta.side().gateway().uri())
                .setRecipientDltSystem(destination.name())
                .setAssetProfileId(AssetNames.TITLE_PROFILE)
                .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(title))
                .setOrigin(alpha.holder())
                .setOriginatorPubkey(sender.publicKey())
                .setDestination(beta.holder())
                .setBeneficiaryPubkey(recipient.publicKey())
                .build())
        .getTransfer()
        .getTransferId();
  }

  /** Waits until a transfer has ended at both gateways, in one way: how. */
  TransferOutcome ended(String id) {
    TransferOutcome end = ended(sender, id, GatewayRole.GATEWAY_ROLE_SENDER);
    if (end == TransferOutcome.TRANSFER_OUTCOME_COMPLETED) {
      assertThat(ended(recipient, id, GatewayRole.GATEWAY_ROLE_RECIPIENT)).isEqualTo(end);
    }
    return end;
  }

  private static TransferOutcome ended(GatewayConnection gateway, String id, GatewayRole role) {
    return Conditions.await(
        "transfer " + id + " to end",
        () -> outcome(gateway, id, role),
        outcome -> outcome != TransferOutcome.TRANSFER_OUTCOME_RUNNING);
  }

  /** The other gateway may not have heard of it yet. */
  private static TransferOutcome outcome(GatewayConnection gateway, String id, GatewayRole role) {
    try {
      return transfer(gateway, id, role).getOutcome();
    } catch (StatusRuntimeException unknown) {
      return TransferOutcome.TRANSFER_OUTCOME_RUNNING;
    }
  }

  private static Transfer transfer(GatewayConnection gateway, String id, GatewayRole role) {
    return gateway
        .transfers()
        .getTransfer(GetTransferRequest.newBuilder().setTransferId(id).setRole(role).build())
        .getTransfer();
  }

  /** Watches a transfer until it ends, or the replica that shows it does. */
  void follow(String id) {
    try {
      new TransferWatch(sender, id, GatewayRole.GATEWAY_ROLE_SENDER).follow(event -> {});
    } catch (StatusRuntimeException broken) {
      if (broken.getStatus().getCode() != Status.Code.UNAVAILABLE) {
        throw broken;
      }
    }
  }

  /** Who owns a title on each ledger it is on. */
  List<String> owners(String title) {
    return Stream.of(source, destination)
        .flatMap(
            ledger -> ledger.titleOwner(title).map(owner -> ledger.name() + " " + owner).stream())
        .toList();
  }

  /** Keys of the two replicas that opened a transfer's session: the sender's, the recipient's. */
  List<String> openers(String id) {
    LogEntry first = export(sender, id).getLogs(0).getEntries(0);
    return List.of(first.getSourceGatewayPubkey(), first.getRecipientGatewayPubkey());
  }

  /** Where a title is on each ledger, and in which state. */
  List<String> whereabouts(String title) {
    return Stream.of(alpha, beta).map(side -> whereabouts(side, title)).toList();
  }

  private static String whereabouts(RunningSide side, String title) {
    try (LedgerView ledger = LedgerView.of(side)) {
      return ledger.whereabouts(
          Asset.newBuilder()
              .setKind(AssetKind.ASSET_KIND_UNIQUE)
              .setAssetClass(side.names().title())
              .setAssetId(title)
              .build());
    }
  }

  /** What both gateways' signed messages say their ledgers did, and who vouched for it. */
  List<Vouched> vouchedFor(String id) {
    return Vouched.in(EvidenceBundles.merge(export(sender, id), export(recipient, id)));
  }

  private static EvidenceBundle export(GatewayConnection gateway, String id) {
    return gateway
        .transfers()
        .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(id).build())
        .getBundle();
  }

  @Override
  public void close() {
    sender.close();
    recipient.close();
    source.close();
    destination.close();
  }
}
