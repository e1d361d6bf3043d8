package org.odap.core.quorum;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;

/**
 * What participants sign of a claim: all that their ledger holds for ever. How sure the ledger was
 * when it was asked, and by what else the claim is proved, is left out: each asks at another time.
 */
public final class Statements {
  /** The format of a claim's proof that is its ledger's participants' signature. */
  public static final String FORMAT = "urn:odap:evidence:quorum-bls12381:v1";

  /** The same, with a key that the other side dealt for the transfer: the InterTrust mode. */
  public static final String INTERTRUST = "urn:odap:evidence:intertrust-bls12381:v1";

  private Statements() {}

  /**
   * The hash of tx (IT "Setup"), SHA-256 in lower-case hex. Outside the InterTrust mode that of the
   * terms; in it of what is to go from where to where by which order: the same through whichever
   * gateways, so that who signed it once knows it again.
   */
  public static String hashTx(InitializationRequest proposal) {
    if (!proposal.hasIntertrust()) {
      return proposal.getEnvelope().getPayloadHash();
    }
    InitializationRequest tx =
        InitializationRequest.newBuilder()
            .setSourceGatewayDltSystem(proposal.getSourceGatewayDltSystem())
            .setRecipientGatewayDltSystem(proposal.getRecipientGatewayDltSystem())
            .setOrigin(proposal.getOrigin())
            .setDestination(proposal.getDestination())
            .setAsset(proposal.getAsset())
            .setOriginatorPubkey(proposal.getOriginatorPubkey())
            .setBeneficiaryPubkey(proposal.getBeneficiaryPubkey())
            .setIntertrust(
                InterTrustProposal.newBuilder()
                    .setHashOrder(proposal.getIntertrust().getHashOrder()))
            .build();
    return Hash.of(CanonicalJson.of(tx));
  }

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
