package org.odap.quorum;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.quorum.Statements;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.Signature;

/**
 * Whether a ledger's participants vouch for a statement (IT "Verification"): their one signature
 * verifies, and enough of them signed their part of it with their own keys. The first alone proves
 * nothing against a key's dealer.
 */
public final class QuorumProof {
  private QuorumProof() {}

  /** What is wrong with a group's signature over a statement, if anything is. */
  public static Optional<String> mistake(
      ParticipantGroup group, Statement statement, QuorumSignature signature) {
    if (!signature.getHashTx().equals(statement.getHashTx())) {
      return Optional.of("hash_tx: another transfer's than the statement's");
    }
    byte[] bytes = Statements.bytes(statement);
    try {
      boolean right =
          KeyForms.publicKey(signature.getPublicKey())
              .verifies(bytes, Signature.parse(KeyForms.bytes(signature.getSignature())));
      if (!right) {
        return Optional.of("signature: does not verify");
      }
    } catch (MalformedPointException e) {
      return Optional.of("signature or public_key: " + e.getMessage());
    }
    return signersMistake(group, bytes, signature);
  }

  private static Optional<String> signersMistake(
      ParticipantGroup group, byte[] statement, QuorumSignature signature) {
    Set<Integer> signers = new HashSet<>();
    for (ParticipantSignature signer : signature.getSignersList()) {
      Optional<Participant> member = Groups.member(group, signer.getIndex());
      if (member.isEmpty() || OwnSignatures.taken(statement, signer, member.get()).isEmpty()) {
        return Optional.of("signers: " + signer.getIndex() + " did not sign this");
      }
      signers.add(signer.getIndex());
    }
    return signers.size() < group.getThreshold()
        ? Optional.of(
            "signers: %d participants (expected: %d or more)"
                .formatted(signers.size(), group.getThreshold()))
        : Optional.empty();
  }
}
