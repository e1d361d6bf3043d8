package org.odap.core.quorum;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.envelope.CanonicalJson;

/**
 * What participants sign of a claim: all that their ledger holds for ever. How sure the ledger was
 * when it was asked, and by what else the claim is proved, is left out: each asks at another time.
 */
public final class Statements {
  /** The format of a claim's proof that is its ledger's participants' signature. */
  public static final String FORMAT = "urn:odap:evidence:quorum-bls12381:v1";

  private Statements() {}

  /**
   * The statement of a claim.
   *
   * @param hashTx SHA-256 of tx, lower-case hex
   */
  public static Statement of(String hashTx, LedgerClaim claim) {
    return Statement.newBuilder()
        .setTransferId(claim.getTransferId())
        .setHashTx(hashTx)
        .setClaim(essence(claim))
        .build();
  }

  /** A claim without finality, proof format and proof. */
  public static LedgerClaim essence(LedgerClaim claim) {
    return claim.toBuilder().clearFinality().clearProofFormat().clearProof().build();
  }

  /** The bytes that are signed: the statement's canonical JSON (RFC 8785). */
  public static byte[] bytes(Statement statement) {
    return CanonicalJson.of(statement);
  }
}
