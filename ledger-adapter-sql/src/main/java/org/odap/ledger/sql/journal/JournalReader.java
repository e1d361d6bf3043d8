package org.odap.ledger.sql.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.ledger.sql.database.Transaction;

/** What is read out of the journal: events for subscribers, and whether it is whole. */
public final class JournalReader {
  private static final int AUDIT_STEP = 1_000;

  private JournalReader() {}

  /** An entry as subscribers see it; the cursor is its number. */
  public static SubscribeResponse event(JournalEntry entry) {
    JsonNode body = entry.body().members();
    return SubscribeResponse.newBuilder()
        .setCursor(Long.toString(entry.number()))
        .setEvent(body.path("step").asText(body.path("action").asText()))
        .setTransferId(body.path("transfer_id").asText())
        .setTransactionId(entry.transactionId())
        .setBlockNumber(entry.number())
        .setValue(entry.body().text())
        .setFinality(SqlEvidence.finality())
        .build();
  }

  /** Whether an event is about a class, account, transfer or location; empty text is about all. */
  public static boolean isAbout(JournalEntry entry, String subject) {
    JsonNode body = entry.body().members();
    return subject.isEmpty()
        || List.of("asset_class", "account", "transfer_id", "location").stream()
            .anyMatch(name -> body.path(name).asText().equals(subject));
  }

  /** Checks a claim of this ledger: its proof, and that its entry is in the journal. */
  public static List<String> verifyOwn(Transaction tx, LedgerClaim claim) throws SQLException {
    JournalEntry shown = SqlEvidence.checked(claim);
    boolean isRecorded =
        Journal.at(tx, shown.number()).filter(own -> own.hash().equals(shown.hash())).isPresent();
    if (!isRecorded) {
      throw SqlEvidence.wrong("the entry is not in this ledger's journal");
    }
    return List.of(
        "transaction id is the hash of the entry's body",
        "entry hash covers number, epoch, time, predecessor and transaction id",
        "entry is in this ledger's journal");
  }

  /** Checks a claim of another SQL ledger as far as its proof goes. */
  public static List<String> verifyForeign(LedgerClaim claim) {
    JournalEntry _ = SqlEvidence.checked(claim);
    return List.of(
        "transaction id is the hash of the entry's body",
        "entry hash covers number, epoch, time, predecessor and transaction id",
        "journal of " + claim.getDltSystem() + " not seen: its gateway's signature vouches for it");
  }

  /**
   * Reads the whole journal and answers how many entries it has; throws where an entry was changed,
   * added or taken out.
   */
  public static long audit(Transaction tx) throws SQLException {
    long number = 0;
    String hash = "0".repeat(64);
    for (List<JournalEntry> entries = Journal.after(tx, 0, AUDIT_STEP);
        !entries.isEmpty();
        entries = Journal.after(tx, number, AUDIT_STEP)) {
      for (JournalEntry entry : entries) {
        boolean continues = entry.number() == number + 1 && entry.previousHash().equals(hash);
        if (!continues || !entry.isConsistent()) {
          throw new JournalBrokenException(number + 1);
        }
        number = entry.number();
        hash = entry.hash();
      }
    }
    if (Journal.length(tx) != number || !Journal.headHash(tx).equals(hash)) {
      throw new JournalBrokenException(number + 1);
    }
    return number;
  }
}
