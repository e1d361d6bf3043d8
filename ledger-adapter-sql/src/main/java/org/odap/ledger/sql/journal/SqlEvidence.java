package org.odap.ledger.sql.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.runtime.rpc.OdapException;

/**
 * Claims about journal entries and their proof (ODAP 7.3, 8.3, 8.4): the entry itself, from whose
 * text anyone can compute transaction id and entry hash.
 *
 * <p>A journal proves order and content to whoever has seen one of its hashes; that the database's
 * owner keeps one journal only, nothing but its gateway's signature vouches for.
 */
public final class SqlEvidence {
  /** The proof's format. */
  public static final String FORMAT = "urn:odap:evidence:sql-journal:v1";

  /** The ledger's finality rule: one database writes, a committed transaction is final. */
  public static final String FINALITY_RULE = "single-writer";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SqlEvidence() {}

  /** How sure the ledger is of what is committed. */
  public static Finality finality() {
    return Finality.newBuilder().setFinal(true).setRule(FINALITY_RULE).setNodesAsked(1).build();
  }

  /** What the ledger says of an entry. */
  public static LedgerClaim claim(JournalEntry entry) {
    LedgerClaim.Builder claim =
        LedgerClaim.newBuilder()
            .setTransactionId(entry.transactionId())
            .setBlockNumber(entry.number())
            .setBlockHash(entry.hash())
            .setFinality(finality())
            .setProofFormat(FORMAT)
            .setProof(proof(entry));
    fillFromBody(claim, entry.body().members());
    entry.body().anchor().ifPresent(claim::setLogAnchor);
    return claim.build();
  }

  /**
   * The entry that a claim's proof shows; throws CLAIM_WRONG unless it says what the claim says.
   */
  public static JournalEntry checked(LedgerClaim claim) {
    JournalEntry shown = entry(claim.getProof());
    if (!shown.isConsistent()) {
      throw wrong("hashes of the journal entry do not fit its content");
    }
    LedgerClaim said = claim.toBuilder().setFinality(finality()).setProof(proof(shown)).build();
    if (!claim(shown).equals(said)) {
      throw wrong("the journal entry says something else than the claim");
    }
    return shown;
  }

  /** The refusal of a claim. */
  public static OdapException wrong(String description) {
    return new OdapException(ErrorReason.ERROR_REASON_CLAIM_WRONG, description);
  }

  private static String proof(JournalEntry entry) {
    return JSON.createObjectNode()
        .put("number", entry.number())
        .put("epoch", entry.epoch())
        .put("recorded_at", entry.recordedAt())
        .put("previous_hash", entry.previousHash())
        .put("transaction_id", entry.transactionId())
        .put("entry_hash", entry.hash())
        .put("body", entry.body().text())
        .toString();
  }

  private static JournalEntry entry(String proof) {
    try {
      JsonNode members = JSON.readTree(proof);
      String body = members.required("body").asText();
      return new JournalEntry(
          members.required("number").asLong(),
          members.required("epoch").asLong(),
          members.required("recorded_at").asLong(),
          members.required("previous_hash").asText(),
          members.required("transaction_id").asText(),
          EntryBody.read("", body),
          members.required("entry_hash").asText());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw wrong("the proof is not a journal entry");
    }
  }

  private static void fillFromBody(LedgerClaim.Builder claim, JsonNode body) {
    claim
        .setDltSystem(body.path("dlt_system").asText())
        .setTransferId(body.path("transfer_id").asText())
        .setStep(step(body))
        .setAccount(body.path("account").asText())
        .setReference(body.path("reference").asText());
    asset(body).ifPresent(claim::setAsset);
    if (claim.getStep() == LedgerStep.LEDGER_STEP_LOCK) {
      claim.setLockExpiry(body.path("lock_expiry").asLong());
    }
  }

  private static LedgerStep step(JsonNode body) {
    String name = body.path("step").asText();
    try {
      return name.isEmpty() ? LedgerStep.LEDGER_STEP_UNSPECIFIED : LedgerStep.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw wrong("the journal entry is of an unknown step");
    }
  }

  private static Optional<Asset> asset(JsonNode body) {
    if (!body.has("asset_class")) {
      return Optional.empty();
    }
    Asset.Builder asset = Asset.newBuilder().setAssetClass(body.path("asset_class").asText());
    if (body.has("asset_id")) {
      asset.setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(body.path("asset_id").asText());
    } else {
      asset.setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(body.path("amount").asText());
    }
    return Optional.of(asset.build());
  }
}
