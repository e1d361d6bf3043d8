package org.odap.quorum;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.envelope.CanonicalJson;
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

  /** A proof that is canonical, and so has nothing twice and nothing unknown. */
  public static Optional<QuorumSignature> read(String proof) {
    QuorumSignature.Builder read = QuorumSignature.newBuilder();
    try {
      JsonFormat.parser().merge(proof, read);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
    String canonical = new String(CanonicalJson.of(read.build()), StandardCharsets.UTF_8);
    return canonical.equals(proof) ? Optional.of(read.build()) : Optional.empty();
  }

  /** What is wrong with a group's signature over a statement, if anything is. */
  public static Optional<String> mistake(
      ParticipantGroup group, Statement statement, QuorumSignature signature) {
    return mistake(statement, signature)
        .or(() -> signersMistake(group, Statements.bytes(statement), signature));
  }

  /** The same by the one signature alone: whose key it names is for others to know. */
  public static Optional<String> mistake(Statement statement, QuorumSignature signature) {
    if (!signature.getHashTx().equals(statement.getHashTx())) {
      return Optional.of("hash_tx: another transfer's than the statement's");
    }
    byte[] bytes = Statements.bytes(statement);
    try {
      boolean right =
          KeyForms.publicKey(signature.getPublicKey())
              .verifies(bytes, Signature.parse(KeyForms.bytes(signature.getSignature())));
      return right ? Optional.empty() : Optional.of("signature: does not verify");
    } catch (MalformedPointException e) {
      return Optional.of("signature or public_key: " + e.getMessage());
    }
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
