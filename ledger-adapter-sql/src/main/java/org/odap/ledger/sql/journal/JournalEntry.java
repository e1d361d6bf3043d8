package org.odap.ledger.sql.journal;

import java.nio.charset.StandardCharsets;
import org.odap.runtime.ledger.References;

/**
 * One effect on the ledger, in its place.
 *
 * <p>Always: {@code transactionId == body.transactionId()}; {@code hash == hashOf(everything
 * else)}; entry n's {@code previousHash} is entry n - 1's {@code hash}; {@code recordedAt} never
 * falls.
 *
 * @param number position in the journal, from 1 without gaps: what blocks are elsewhere
 * @param epoch of the gateway's lease; 0 for an operator
 * @param recordedAt the database's clock, UNIX milliseconds
 */
public record JournalEntry(
    long number,
    long epoch,
    long recordedAt,
    String previousHash,
    String transactionId,
    EntryBody body,
    String hash) {

  static JournalEntry after(
      long previousNumber, String previousHash, long recordedAt, long epoch, EntryBody body) {
    long number = previousNumber + 1;
    String transactionId = body.transactionId();
    return new JournalEntry(
        number,
        epoch,
        recordedAt,
        previousHash,
        transactionId,
        body,
        hashOf(number, epoch, recordedAt, previousHash, transactionId));
  }

  /** Whether the entry's own hashes are right; says nothing of its neighbors. */
  boolean isConsistent() {
    return transactionId.equals(body.transactionId())
        && hash.equals(hashOf(number, epoch, recordedAt, previousHash, transactionId));
  }

  private static String hashOf(
      long number, long epoch, long recordedAt, String previousHash, String transactionId) {
    String lines =
        String.join(
            "\n",
            SqlEvidence.FORMAT,
            Long.toString(number),
            Long.toString(epoch),
            Long.toString(recordedAt),
            previousHash,
            transactionId);
    return References.sha256(lines.getBytes(StandardCharsets.UTF_8));
  }
}
