package org.odap.it;

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
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.evidence.Vouched;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;

/** Transfers of titles from one ledger of a system to the other, and what was vouched for. */
final class QuorumTransfers implements AutoCloseable {
  private final RunningSide alpha;
  private final RunningSide beta;
  private final GatewayConnection sender;
  private final GatewayConnection recipient;
  private final LedgerAccess source;
  private final LedgerAccess destination;

  QuorumTransfers(RunningSystem system) {
    alpha = system.alpha();
    beta = system.beta();
    sender = GatewayConnection.open(ProfileOption.read(alpha.profile()));
    recipient = GatewayConnection.open(ProfileOption.read(beta.profile()));
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
    return sender
        .transfers()
        .startTransfer(
            StartTransferRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
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

  /** Waits until a transfer has ended at both gateways: how. */
  TransferOutcome ended(String id) {
    ended(recipient, id, GatewayRole.GATEWAY_ROLE_RECIPIENT);
    return ended(sender, id, GatewayRole.GATEWAY_ROLE_SENDER);
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
      Transfer transfer =
          gateway
              .transfers()
              .getTransfer(GetTransferRequest.newBuilder().setTransferId(id).setRole(role).build())
              .getTransfer();
      return transfer.getOutcome();
    } catch (StatusRuntimeException unknown) {
      return TransferOutcome.TRANSFER_OUTCOME_RUNNING;
    }
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
