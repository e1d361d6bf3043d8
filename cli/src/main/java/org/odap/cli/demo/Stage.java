package org.odap.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.TransferWatch;
import org.odap.cli.client.Watches;
import org.odap.cli.evidence.EvidenceFile;
import org.odap.cli.progress.ProgressBoard;
import org.odap.cli.progress.ProgressView;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import org.odap.cli.terminal.TextTable;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * What demonstrations are made of: two sides, transfers between them that can be watched, each
 * proven by its evidence, and the points that were to be shown.
 *
 * <p>Mutable: transfers and points so far. Used by one thread.
 */
final class Stage implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 30;

  private final DemoSide alpha;
  private final DemoSide beta;
  private final Path folder;
  private final Terminal terminal;
  private final Checklist checklist = new Checklist();
  private final ArrayNode told = JsonNodeFactory.instance.arrayNode();
  private int transfers;

  Stage(RunningSystem system, Path folder, Terminal terminal) {
    this.alpha = DemoSide.open(system.alpha());
    this.beta = DemoSide.open(system.beta());
    this.folder = folder;
    this.terminal = terminal;
  }

  /** The side transfers start from. */
  DemoSide alpha() {
    return alpha;
  }

  /** The other side. */
  DemoSide beta() {
    return beta;
  }

  /** A unique asset. */
  static Asset title(String id) {
    return Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(id).build();
  }

  /** Notes a point that was to be shown. */
  void point(String sentence, boolean holds) {
    checklist.add(sentence, holds);
  }

  /** Tells something, a line. */
  void tell(String line) {
    terminal.line("  " + line);
  }

  /** Ends it; whether everything held. */
  boolean end() {
    heading("What was to be shown");
    checklist.print(terminal);
    return checklist.holds();
  }

  /** What was shown, as one line of JSON: the transfers with their evidence, and each point. */
  String json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("held", checklist.holds());
    json.set("transfers", told);
    json.set("points", checklist.json());
    return json.toString();
  }

  /** Moves an asset, and proves it: its evidence. */
  EvidenceBundle transfer(String what, DemoSide from, DemoSide to, String profile, Asset asset)
      throws InterruptedException {
    begin(what);
    GatewayConnection sender = from.gateway();
    GatewayConnection recipient = to.gateway();
    Transfer started = order(from, to, profile, asset);
    Transfer ended = watch(sender, recipient, started);
    checklist.add(
        "Transfer " + transfers + " completed: " + what,
        ended.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    return verify(ended.getTransferId(), sender, recipient);
  }

  /** Begins the next transfer. */
  void begin(String what) {
    transfers++;
    heading("Transfer " + transfers + ": " + what);
  }

  /** Orders a transfer that is to be refused at once: why it was, or that it was not. */
  String refusal(DemoSide from, DemoSide to, String profile, Asset asset)
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int attempts = 1; ; attempts++) {
      try {
        Transfer taken = order(from, to, profile, asset);
        told.addObject().put("transfer_id", taken.getTransferId()).put("outcome", "not refused");
        return "not refused: transfer " + taken.getTransferId();
      } catch (StatusRuntimeException e) {
        OdapException refusal = OdapErrors.fromGrpc(e);
        String why = OdapErrors.name(refusal.reason()) + ": " + refusal.description();
        // A service that was started again may not be reached yet.
        if (refusal.reason() != ErrorReason.ERROR_REASON_UNAVAILABLE || attempts == ATTEMPTS_MAX) {
          told.addObject().put("outcome", "refused").put("reason", why);
          return why;
        }
        boolean _ = never.await(1, TimeUnit.SECONDS);
      }
    }
  }

  /** Orders a transfer. */
  Transfer order(DemoSide from, DemoSide to, String profile, Asset asset) {
    GatewayConnection sender = from.gateway();
    return sender
        .transfers()
        .startTransfer(
            StartTransferRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSenderDltSystem(from.ledger().name())
                .setRecipientGateway(to.about().side().gateway().uri())
                .setRecipientDltSystem(to.ledger().name())
                .setAssetProfileId(profile)
                .setAsset(asset)
                .setOrigin(from.holder())
                .setOriginatorPubkey(sender.publicKey())
                .setDestination(to.holder())
                .setBeneficiaryPubkey(to.gateway().publicKey())
                .setClientTransferNumber("demo-" + transfers)
                .build())
        .getTransfer();
  }

  private Transfer watch(GatewayConnection sender, GatewayConnection recipient, Transfer started)
      throws InterruptedException {
    ProgressView view = new ProgressView(terminal, started);
    String id = started.getTransferId();
    TransferWatch own = new TransferWatch(sender, id, GatewayRole.GATEWAY_ROLE_SENDER);
    TransferWatch other = new TransferWatch(recipient, id, GatewayRole.GATEWAY_ROLE_RECIPIENT);
    Watches.followBoth(own, other, view);
    Transfer ended = own.transfer();
    view.end(ended);
    return ended;
  }

  private EvidenceBundle verify(
      String transferId, GatewayConnection sender, GatewayConnection recipient) {
    EvidenceBundle bundle =
        EvidenceBundles.merge(export(sender, transferId), export(recipient, transferId));
    Path file = folder.resolve("evidence-" + transfers + ".json");
    EvidenceFile.write(bundle, file);
    EvidenceReport report =
        EvidenceVerifier.verify(
            EvidenceFile.read(file),
            EvidenceFile.certificates(List.of(alpha.about().entity(), beta.about().entity())));
    terminal.line(
        "  evidence "
            + file
            + ": "
            + report.checks().size()
            + " checks, "
            + report.findings().size()
            + " findings");
    report.findings().forEach(finding -> terminal.line("    " + finding.text()));
    told.addObject()
        .put("transfer_id", transferId)
        .put("outcome", report.outcome().end().name().toLowerCase(Locale.ROOT))
        .put("evidence", file.toString())
        .put("checks", report.checks().size())
        .put("findings", report.findings().size());
    checklist.add(
        "The evidence of transfer " + transfers + " verifies offline and says: completed",
        report.holds() && report.outcome().end() == End.COMPLETED);
    return bundle;
  }

  private static EvidenceBundle export(GatewayConnection gateway, String transferId) {
    return gateway
        .transfers()
        .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(transferId).build())
        .getBundle();
  }

  /** Notes as a point that a title is on one side's ledger only. */
  void onOnly(String title, DemoSide here, DemoSide notHere) {
    checklist.add(
        "Title %s is with %s on %s, and not on %s"
            .formatted(
                title,
                ProgressBoard.shortened(here.holder()),
                here.ledger().name(),
                notHere.ledger().name()),
        owns(here, title) && notHere.ledger().titleOwner(title).isEmpty());
  }

  /** Whether the holder on a side's ledger has a title. */
  static boolean owns(DemoSide side, String title) {
    return side.ledger().titleOwner(title).equals(Optional.of(side.holder()));
  }

  /** Prints lines of a table. */
  void table(TextTable table) {
    table.lines().forEach(line -> terminal.line("  " + line));
  }

  /** Begins a part. */
  void heading(String text) {
    terminal.line("");
    terminal.line(terminal.paint(Ink.STRONG, text));
  }

  @Override
  public void close() {
    alpha.close();
    beta.close();
  }
}
