package org.odap.threshold;

/**
 * The names that keep what is signed here apart from what is signed elsewhere with the same keys.
 */
final class Ciphersuite {
  /** The basic scheme with signatures in G1 (draft-irtf-cfrg-bls-signature 4.2.1, RFC 9380). */
  static final String SIGNATURE = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

  /** The proof that a partial signature was made with its share. */
  static final String PROOF = "ODAP_BLS12381G1_PARTIAL_SIGNATURE_PROOF_V1";

  private Ciphersuite() {}
}
