package org.odap.ledger.sql.action;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.sql.asset.Accounts;
import org.odap.ledger.sql.asset.AssetClasses;
import org.odap.ledger.sql.asset.Holdings;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.instruction.AccountKeys;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.journal.Journal;
import org.odap.ledger.sql.journal.JournalEntry;
import org.odap.ledger.sql.journal.SqlEvidence;
import org.odap.ledger.sql.step.SenderSteps;
import org.odap.runtime.ledger.References;
import org.odap.runtime.rpc.OdapException;

/**
 * What is done to the ledger outside of transfers (ODAP 5.10.1, 5.10.2, 5.10.8), once per request
 * id: assets created and destroyed, classes opened, owners' consent recorded, data written.
 */
public final class OperatorActions {
  /** Operators have no lease. */
  private static final long NO_EPOCH = 0;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String dltSystem;
  private final AssetClasses classes;
  private final Holdings holdings;
  private final SenderSteps sender;

  /** The actions on one ledger. */
  public OperatorActions(
      String dltSystem, AssetClasses classes, Holdings holdings, SenderSteps sender) {
    this.dltSystem = dltSystem;
    this.classes = classes;
    this.holdings = holdings;
    this.sender = sender;
  }

  /** CREATE (ODAP 5.10.1). */
  public LedgerClaim create(Transaction tx, CreateRequest request) throws SQLException {
    EntryBody body =
        EntryBody.ofRequest(dltSystem, request.getRequestId(), "create")
            .with(request.getAsset(), request.getOwner())
            .build();
    Optional<LedgerClaim> first = doneBefore(tx, body);
    if (first.isPresent()) {
      return first.get();
    }
    classes.require(tx, request.getAsset());
    Accounts.require(request.getOwner());
    if (request.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.addUnique(tx, request.getAsset(), request.getOwner());
    } else {
      holdings.addUnits(tx, request.getAsset(), request.getOwner());
    }
    return done(tx, body);
  }

  /** DESTROY (ODAP 5.10.8): of what no transfer holds. */
  public LedgerClaim destroy(Transaction tx, DestroyRequest request) throws SQLException {
    EntryBody body =
        EntryBody.ofRequest(dltSystem, request.getRequestId(), "destroy")
            .with(request.getAsset(), request.getOwner())
            .build();
    Optional<LedgerClaim> first = doneBefore(tx, body);
    if (first.isPresent()) {
      return first.get();
    }
    classes.require(tx, request.getAsset());
    if (request.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      holdings.removeUnique(tx, request.getAsset(), request.getOwner());
    } else if (!removeUnits(tx, request)) {
      throw holdings.whyUnitsNotTaken(tx, request.getAsset(), request.getOwner());
    }
    return done(tx, body);
  }

  /** WRITE (ODAP 5.10.2). */
  public LedgerClaim write(Transaction tx, WriteRequest request) throws SQLException {
    Location location = Location.parse(request.getLocation());
    // The value's hash, not the value: the journal stays small, and is for ever.
    EntryBody body =
        EntryBody.ofRequest(dltSystem, request.getRequestId(), "write")
            .with("location", request.getLocation())
            .with(
                "value_hash",
                References.sha256(request.getValue().getBytes(StandardCharsets.UTF_8)))
            .build();
    Optional<LedgerClaim> first = doneBefore(tx, body);
    if (first.isPresent()) {
      return first.get();
    }
    switch (location) {
      case Location.AssetClass place -> writeClass(tx, place, json(request.getValue()));
      case Location.Approval place -> writeApproval(tx, place, json(request.getValue()));
      case Location.AccountKey place ->
          AccountKeys.record(
              tx, place.account(), json(request.getValue()).path("public_key").asText());
      case Location.Document place -> writeDocument(tx, place, request.getValue());
    }
    return done(tx, body);
  }

  private boolean removeUnits(Transaction tx, DestroyRequest request) throws SQLException {
    return holdings.removeUnits(tx, request.getAsset(), request.getOwner())
        || (sender.releaseExpired(tx, request.getAsset(), request.getOwner()) > 0
            && holdings.removeUnits(tx, request.getAsset(), request.getOwner()));
  }

  private void writeClass(Transaction tx, Location.AssetClass place, JsonNode value)
      throws SQLException {
    String kind = value.path("kind").asText();
    if (!kind.equals("UNIQUE") && !kind.equals("FUNGIBLE")) {
      throw OdapException.fieldInvalid("value", value, "{\"kind\":\"UNIQUE\"} or FUNGIBLE");
    }
    Optional<AssetKind> known = classes.find(tx, place.name());
    if (known.isEmpty()) {
      tx.update("INSERT INTO asset_class (name, kind) VALUES (?, ?)", place.name(), kind);
    } else if (known.get() != AssetClasses.kind(kind)) {
      throw new RefusedException(
          ErrorReason.ERROR_REASON_LEDGER_REFUSED, "the kind of a class never changes");
    }
  }

  private void writeApproval(Transaction tx, Location.Approval place, JsonNode value)
      throws SQLException {
    if (!value.path("approved").isBoolean()) {
      throw OdapException.fieldInvalid("value", value, "{\"approved\":true} or false");
    }
    classes.requireKnown(tx, place.assetClass());
    holdings.setApproval(
        tx, place.assetClass(), place.account(), value.path("approved").asBoolean());
  }

  private static void writeDocument(Transaction tx, Location.Document place, String value)
      throws SQLException {
    int updated =
        tx.update("UPDATE document SET content = ? WHERE location = ?", value, place.name());
    if (updated == 0) {
      tx.update("INSERT INTO document (location, content) VALUES (?, ?)", place.name(), value);
    }
  }

  private static Optional<LedgerClaim> doneBefore(Transaction tx, EntryBody body)
      throws SQLException {
    Optional<JournalEntry> first = Journal.find(tx, body.key());
    if (first.isPresent() && !first.get().transactionId().equals(body.transactionId())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_REQUEST_ID_REUSED, "request_id was used for another request");
    }
    return first.map(SqlEvidence::claim);
  }

  private static LedgerClaim done(Transaction tx, EntryBody body) throws SQLException {
    return SqlEvidence.claim(Journal.append(tx, NO_EPOCH, body));
  }

  private static JsonNode json(String value) {
    try {
      return JSON.readTree(value);
    } catch (JsonProcessingException e) {
      throw OdapException.fieldInvalid("value", "not JSON", "JSON text");
    }
  }
}
