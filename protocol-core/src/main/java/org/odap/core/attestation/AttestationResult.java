package org.odap.core.attestation;

import java.util.Map;

/**
 * A verifier's signed word that a gateway's machine is as its policy wants it (attestation result
 * of RATS, RFC 9334 8.4).
 *
 * @param verifier identity of the verifier
 * @param gateway identity of the gateway it is about
 * @param sessionId the session it was asked for
 * @param tlsKeyHash SHA-256 of the gateway's TLS key (SPKI DER), lower-case hex
 * @param nonce of the challenge, base64url
 * @param issuedAtMillis whole seconds, as all times of a token
 * @param trustworthiness claims of AR4SI, by name; 2 to 31 affirm
 * @param policy which policy the machine was held against
 * @param attestationKey name of the TPM's key, lower-case hex
 * @param pcrDigest hash of the quoted PCRs, lower-case hex
 * @param resetCount of the TPM: another one later means the machine was started anew
 */
public record AttestationResult(
    String verifier,
    String gateway,
    String sessionId,
    String tlsKeyHash,
    String nonce,
    long issuedAtMillis,
    long expiresAtMillis,
    Map<String, Integer> trustworthiness,
    String policy,
    String attestationKey,
    String pcrDigest,
    long resetCount,
    long restartCount) {
  public AttestationResult {
    trustworthiness = Map.copyOf(trustworthiness);
  }
}
