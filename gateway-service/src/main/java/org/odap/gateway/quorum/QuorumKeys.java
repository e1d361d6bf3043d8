package org.odap.gateway.quorum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.quorum.Statements;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.gateway.GatewayConfig.QuorumKeyConfig;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.QuorumProof;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PublicKey;

/**
 * What is known of other ledgers' participants: the key they sign with together, or who they are.
 * Of a ledger of which either is known no claim is taken that they have not signed, so that its
 * gateway alone cannot lie about it (IT).
 */
public final class QuorumKeys implements ProofVerifier {
  private final Map<String, PublicKey> keys = new LinkedHashMap<>();
  private final Map<String, ParticipantGroup> groups = new LinkedHashMap<>();

  /** What a configuration says, which has checked it. */
  public QuorumKeys(List<QuorumKeyConfig> keys, List<GroupConfig> groups) {
    keys.forEach(key -> this.keys.put(key.dltSystem(), key(key.publicKey()).orElseThrow()));
    groups.forEach(group -> this.groups.put(group.dltSystem(), group.group()));
  }

  /** A public key as it is configured, if it is one. */
  public static Optional<PublicKey> key(String base64Url) {
    try {
      return Optional.of(PublicKey.parse(Base64Url.decode(base64Url).orElse(new byte[0])));
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  /** Whether a ledger's participants are known one by one, and so can be dealt a key. */
  public boolean knowsParticipants(String dltSystem) {
    return groups.containsKey(dltSystem);
  }

  /** The formats of proofs that are looked at for a ledger; none where nothing is known of it. */
  public List<String> formats(String dltSystem) {
    List<String> formats = new ArrayList<>();
    if (keys.containsKey(dltSystem)) {
      formats.add(Statements.FORMAT);
    }
    if (groups.containsKey(dltSystem)) {
      formats.add(Statements.INTERTRUST);
    }
    return formats;
  }

  /**
   * Whether a proof in this format can be looked at, as it must be where the ledger's participants
   * are known.
   */
  public boolean takes(String format, String dltSystem) {
    List<String> formats = formats(dltSystem);
    return formats.isEmpty()
        ? !format.equals(Statements.FORMAT) && !format.equals(Statements.INTERTRUST)
        : formats.contains(format);
  }

  /** Whether claims of a ledger are taken in the InterTrust mode or not at all. */
  public boolean wantsDealing(String dltSystem) {
    return formats(dltSystem).equals(List.of(Statements.INTERTRUST));
  }

  @Override
  public Optional<String> fault(Session session, InitializationResponse agreement) {
    String dlt = session.frame().recipientDlt();
    return wantsDealing(dlt) && !agreement.getLockClaimFormat().equals(Statements.INTERTRUST)
        ? Optional.of(
            "%s (expected: %s, for claims of %s are taken in no other)"
                .formatted(agreement.getLockClaimFormat(), Statements.INTERTRUST, dlt))
        : Optional.empty();
  }

  @Override
  public Optional<String> fault(ParticipantGroup group) {
    ParticipantGroup known = groups.get(group.getDltSystem());
    return group.equals(known)
        ? Optional.empty()
        : Optional.of(
            known == null
                ? "the participants of " + group.getDltSystem() + " are not known here"
                : "others than are known of " + group.getDltSystem());
  }

  @Override
  public Optional<String> fault(Session session, LedgerClaim claim) {
    String dlt = claim.getDltSystem();
    if (!takes(claim.getProofFormat(), dlt)) {
      return Optional.of(
          formats(dlt).isEmpty()
              ? "the participants of " + dlt + " are not known here"
              : "format: %s (expected: one of %s)".formatted(claim.getProofFormat(), formats(dlt)));
    }
    if (formats(dlt).isEmpty()) {
      return Optional.empty();
    }
    Optional<QuorumSignature> proof = QuorumProof.read(claim.getProof());
    if (proof.isEmpty()) {
      return Optional.of("not a quorum's signature in canonical form");
    }
    return claim.getProofFormat().equals(Statements.INTERTRUST)
        ? faultOfDealt(session, claim, proof.get())
        : fault(keys.get(dlt), session.hashTx(), claim, proof.get());
  }

  /** Who dealt a key could make any signature with it: the participants' own count too. */
  private Optional<String> faultOfDealt(Session session, LedgerClaim claim, QuorumSignature proof) {
    if (!session.isInterTrust()) {
      return Optional.of("format: " + Statements.INTERTRUST + " was not agreed on");
    }
    Role role = InterTrustFlow.roleOf(session, claim);
    DealtKey dealt = InterTrustFlow.key(session, role);
    if (!proof.getKeyId().equals(dealt.getKeyId())
        || !proof.getPublicKey().equals(dealt.getPublicKey())) {
      return Optional.of("public_key: another than was dealt for this transfer");
    }
    return QuorumProof.mistake(
        groups.get(claim.getDltSystem()), Statements.of(session.hashTx(), claim), proof);
  }

  private static Optional<String> fault(
      PublicKey key, String hashTx, LedgerClaim claim, QuorumSignature proof) {
    if (!key(proof.getPublicKey()).equals(Optional.of(key))) {
      return Optional.of("public_key: another than that known of " + claim.getDltSystem());
    }
    return QuorumProof.mistake(Statements.of(hashTx, claim), proof);
  }
}
