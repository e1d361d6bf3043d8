package org.odap.ledger.sql.instruction;

import com.google.protobuf.ByteString;
import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.sql.asset.Accounts;
import org.odap.ledger.sql.asset.AssetClasses;
import org.odap.ledger.sql.asset.Holdings;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.journal.Journal;
import org.odap.ledger.sql.journal.JournalEntry;
import org.odap.ledger.sql.journal.SqlEvidence;
import org.odap.ledger.sql.step.SenderSteps;

/**
 * Carries signed instructions out, each once: {@code move} gives an asset to another account,
 * {@code approve} and {@code revoke} give and withdraw the consent that gateways may lock what the
 * account holds of a class. Nobody on the way can alter one, and the journal keeps its text and
 * signature.
 */
public final class Instructions {
  /** What the journal's rows have room for. */
  private static final int BYTES_MAX = 6_000;

  private final String dltSystem;
  private final AssetClasses classes;
  private final Holdings holdings;
  private final SenderSteps sender;

  /** The instructions to one ledger. */
  public Instructions(
      String dltSystem, AssetClasses classes, Holdings holdings, SenderSteps sender) {
    this.dltSystem = dltSystem;
    this.classes = classes;
    this.holdings = holdings;
    this.sender = sender;
  }

  /** NATIVE_TXN: a repeat, even with another signature, answers what the first did. */
  public LedgerClaim submit(Transaction tx, ByteString bytes) throws SQLException {
    if (bytes.size() > BYTES_MAX) {
      throw SignedInstruction.malformed("longer than " + BYTES_MAX + " bytes");
    }
    SignedInstruction instruction = SignedInstruction.parse(bytes, dltSystem);
    String account = instruction.text("account");
    boolean isSigned =
        AccountKeys.find(tx, account)
            .filter(
                key -> AccountKeys.verifies(key, instruction.payload(), instruction.signature()))
            .isPresent();
    if (!isSigned) {
      throw SignedInstruction.malformed("not signed with the key of " + account);
    }
    EntryBody.Builder body =
        EntryBody.ofInstruction(dltSystem, instruction.id(), instruction.text("action"));
    Optional<JournalEntry> first = Journal.find(tx, body.key());
    if (first.isPresent()) {
      return SqlEvidence.claim(first.get());
    }
    carryOut(tx, instruction, account, body);
    // Not of any transfer: no lease, no epoch.
    return SqlEvidence.claim(
        Journal.append(
            tx,
            0,
            body.with("instruction", instruction.payloadText())
                .with("signature", instruction.signatureText())
                .build()));
  }

  private void carryOut(
      Transaction tx, SignedInstruction instruction, String account, EntryBody.Builder body)
      throws SQLException {
    switch (instruction.text("action")) {
      case "move" -> {
        Asset asset = instruction.asset();
        move(tx, asset, account, instruction.text("to"));
        body.with(asset, account);
      }
      case "approve" -> holdings.setApproval(tx, requireClass(tx, instruction), account, true);
      case "revoke" -> holdings.setApproval(tx, requireClass(tx, instruction), account, false);
      default -> throw SignedInstruction.malformed("action: expected: move, approve or revoke");
    }
  }

  private void move(Transaction tx, Asset asset, String from, String to) throws SQLException {
    classes.require(tx, asset);
    Accounts.require(to);
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.moveUnique(tx, asset, from, to);
      return;
    }
    boolean isTaken =
        holdings.removeUnits(tx, asset, from)
            || (sender.releaseExpired(tx, asset, from) > 0
                && holdings.removeUnits(tx, asset, from));
    if (!isTaken) {
      throw holdings.whyUnitsNotTaken(tx, asset, from);
    }
    holdings.addUnits(tx, asset, to);
  }

  private String requireClass(Transaction tx, SignedInstruction instruction) throws SQLException {
    String name = instruction.text("asset_class");
    classes.requireKnown(tx, name);
    return name;
  }
}
