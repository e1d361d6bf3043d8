package org.odap.gateway.quorum;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.quorum.Statements;
import org.odap.core.session.ProofVerifier;
import org.odap.gateway.GatewayConfig.QuorumKeyConfig;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PublicKey;
import org.odap.threshold.Signature;

/**
 * The keys of other ledgers' participants. Of a ledger whose key is known no claim is taken that
 * they have not signed together, so that its gateway alone cannot lie about it (IT).
 */
public final class QuorumKeys implements ProofVerifier {
  private final Map<String, PublicKey> byDlt = new LinkedHashMap<>();

  /** The keys of a configuration, which has checked them. */
  public QuorumKeys(List<QuorumKeyConfig> keys) {
    keys.forEach(key -> byDlt.put(key.dltSystem(), key(key.publicKey()).orElseThrow()));
  }

  /** A public key as it is configured, if it is one. */
  public static Optional<PublicKey> key(String base64Url) {
    try {
      return Optional.of(PublicKey.parse(Base64Url.decode(base64Url).orElse(new byte[0])));
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a proof in this format can be looked at, as it must be where the ledger's participants
   * are known.
   */
  public boolean takes(String format, String dltSystem) {
    return byDlt.containsKey(dltSystem) == format.equals(Statements.FORMAT);
  }

  @Override
  public Optional<String> fault(String hashTx, LedgerClaim claim) {
    if (!takes(claim.getProofFormat(), claim.getDltSystem())) {
      return Optional.of(
          byDlt.containsKey(claim.getDltSystem())
              ? "format: " + claim.getProofFormat() + " (expected: " + Statements.FORMAT + ")"
              : "the participants of " + claim.getDltSystem() + " are not known here");
    }
    PublicKey key = byDlt.get(claim.getDltSystem());
    return key == null ? Optional.empty() : fault(key, hashTx, claim);
  }

  private static Optional<String> fault(PublicKey key, String hashTx, LedgerClaim claim) {
    Optional<QuorumSignature> read = read(claim.getProof());
    if (read.isEmpty()) {
      return Optional.of("not a quorum's signature in canonical form");
    }
    QuorumSignature proof = read.get();
    if (!key(proof.getPublicKey()).equals(Optional.of(key))) {
      return Optional.of("public_key: another than that known of " + claim.getDltSystem());
    }
    if (!proof.getHashTx().equals(hashTx)) {
      return Optional.of("hash_tx: " + proof.getHashTx() + " (expected: " + hashTx + ")");
    }
    try {
      Signature signature =
          Signature.parse(Base64Url.decode(proof.getSignature()).orElse(new byte[0]));
      byte[] statement = Statements.bytes(Statements.of(hashTx, claim));
      return key.verifies(statement, signature)
          ? Optional.empty()
          : Optional.of("signature: not that of " + claim.getDltSystem() + "'s participants");
    } catch (MalformedPointException e) {
      return Optional.of("signature: " + e.getMessage());
    }
  }

  /** A proof that is canonical, and so has nothing twice and nothing unknown. */
  private static Optional<QuorumSignature> read(String proof) {
    QuorumSignature.Builder read = QuorumSignature.newBuilder();
    try {
      JsonFormat.parser().merge(proof, read);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
    String canonical = new String(CanonicalJson.of(read.build()), StandardCharsets.UTF_8);
    return canonical.equals(proof) ? Optional.of(read.build()) : Optional.empty();
  }
}
