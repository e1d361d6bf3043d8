package org.odap.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.TransferWatch;
import org.odap.cli.client.Watches;
import org.odap.cli.evidence.EvidenceFile;
import org.odap.cli.progress.ProgressBoard;
import org.odap.cli.progress.ProgressView;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import org.odap.cli.terminal.TextTable;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;

/**
 * The main job on real ledgers: a unique asset goes over, then an amount, then the unique asset
 * comes back; all three in relay mode (ODAP 4.6), each proven by its evidence.
 */
final class Demo implements AutoCloseable {
  private static final String TITLE = "1001";
  private static final BigInteger CASH = BigInteger.valueOf(1_000);
  private static final BigInteger MOVED = BigInteger.valueOf(250);

  private final DemoSide alpha;
  private final DemoSide beta;
  private final Path folder;
  private final Terminal terminal;
  private final Checklist checklist = new Checklist();
  private final ArrayNode told = JsonNodeFactory.instance.arrayNode();
  private int transfers;

  Demo(RunningSystem system, Path folder, Terminal terminal) {
    this.alpha = DemoSide.open(system.alpha());
    this.beta = DemoSide.open(system.beta());
    this.folder = folder;
    this.terminal = terminal;
  }

  /** Runs it; whether everything held. */
  boolean run() throws InterruptedException {
    endow();
    BigInteger supply = totalCash();
    holdings("Before");

    Asset unique =
        Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(TITLE).build();
    Asset amount =
        Asset.newBuilder()
            .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
            .setAmount(MOVED.toString())
            .build();
    transfer("A land title goes over", alpha, beta, AssetNames.TITLE_PROFILE, unique);
    onOnly(beta, alpha);
    transfer("Cash goes over", alpha, beta, AssetNames.CASH_PROFILE, amount);
    checklist.add(
        MOVED + " of the cash is with " + beta.holder() + " on " + beta.ledger().name(),
        beta.ledger().cash(beta.holder()).equals(MOVED));
    transfer("The land title comes back", beta, alpha, AssetNames.TITLE_PROFILE, unique);
    onOnly(alpha, beta);
    checklist.add(
        "Both ledgers together hold as much cash as before: " + supply, totalCash().equals(supply));

    holdings("After");
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

  /** Ledgers start empty. */
  private void endow() {
    alpha.ledger().issueTitle(TITLE, alpha.holder());
    alpha.ledger().issueCash(CASH.toString(), alpha.holder());
    alpha.ledger().approve();
    beta.ledger().approve();
  }

  private void transfer(String what, DemoSide from, DemoSide to, String profile, Asset asset)
      throws InterruptedException {
    transfers++;
    heading("Transfer " + transfers + ": " + what);
    GatewayConnection sender = from.gateway();
    GatewayConnection recipient = to.gateway();
    Transfer started =
        sender
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
                    .setBeneficiaryPubkey(recipient.publicKey())
                    .setClientTransferNumber("demo-" + transfers)
                    .build())
            .getTransfer();
    Transfer ended = watch(sender, recipient, started);
    checklist.add(
        "Transfer " + transfers + " completed: " + what,
        ended.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    verify(ended.getTransferId(), sender, recipient);
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

  private void verify(String transferId, GatewayConnection sender, GatewayConnection recipient) {
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
  }

  private static EvidenceBundle export(GatewayConnection gateway, String transferId) {
    return gateway
        .transfers()
        .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(transferId).build())
        .getBundle();
  }

  private void onOnly(DemoSide here, DemoSide notHere) {
    checklist.add(
        "The title is with %s on %s, and no longer on %s"
            .formatted(
                ProgressBoard.shortened(here.holder()),
                here.ledger().name(),
                notHere.ledger().name()),
        owns(here) && notHere.ledger().titleOwner(TITLE).isEmpty());
  }

  private boolean owns(DemoSide side) {
    return side.ledger().titleOwner(TITLE).equals(Optional.of(side.holder()));
  }

  private BigInteger totalCash() {
    return alpha.ledger().cash(alpha.holder()).add(beta.ledger().cash(beta.holder()));
  }

  private void holdings(String when) {
    heading(when);
    TextTable table = new TextTable("ledger", "account", "land title", "cash");
    for (DemoSide side : List.of(alpha, beta)) {
      table.row(
          side.ledger().name(),
          side.holder(),
          owns(side) ? "no. " + TITLE : "none",
          side.ledger().cash(side.holder()));
    }
    table.lines().forEach(line -> terminal.line("  " + line));
  }

  private void heading(String text) {
    terminal.line("");
    terminal.line(terminal.paint(Ink.STRONG, text));
  }

  @Override
  public void close() {
    alpha.close();
    beta.close();
  }
}
