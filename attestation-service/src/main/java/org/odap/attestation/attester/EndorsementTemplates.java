package org.odap.attestation.attester;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.Optional;
import tss.tpm.TPM2B_PUBLIC_KEY_RSA;
import tss.tpm.TPMA_OBJECT;
import tss.tpm.TPMS_ECC_PARMS;
import tss.tpm.TPMS_ECC_POINT;
import tss.tpm.TPMS_NULL_ASYM_SCHEME;
import tss.tpm.TPMS_NULL_KDF_SCHEME;
import tss.tpm.TPMS_RSA_PARMS;
import tss.tpm.TPMT_PUBLIC;
import tss.tpm.TPMT_SYM_DEF_OBJECT;
import tss.tpm.TPM_ALG_ID;
import tss.tpm.TPM_ECC_CURVE;

/**
 * What a vendor's endorsement key was made from: the TPM makes the same key again (TCG EK
 * Credential Profile, B.3.3 template L-1, B.3.4 template L-2).
 */
final class EndorsementTemplates {
  private static final int RSA_BITS = 2048;
  private static final int P256_BITS = 256;
  private static final int AES_BITS = 128;

  /** TPM2_PolicySecret(TPM_RH_ENDORSEMENT). */
  private static final byte[] POLICY =
      HexFormat.of().parseHex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa");

  private EndorsementTemplates() {}

  /** The template of a certificate's key, if there is one for such keys. */
  static Optional<TPMT_PUBLIC> of(PublicKey certified) {
    return switch (certified) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() == RSA_BITS ->
          Optional.of(
              template(
                  new TPMS_RSA_PARMS(symmetric(), new TPMS_NULL_ASYM_SCHEME(), RSA_BITS, 0),
                  new TPM2B_PUBLIC_KEY_RSA(new byte[RSA_BITS / Byte.SIZE])));
      case ECPublicKey ec when ec.getParams().getCurve().getField().getFieldSize() == P256_BITS ->
          Optional.of(
              template(
                  new TPMS_ECC_PARMS(
                      symmetric(),
                      new TPMS_NULL_ASYM_SCHEME(),
                      TPM_ECC_CURVE.NIST_P256,
                      new TPMS_NULL_KDF_SCHEME()),
                  new TPMS_ECC_POINT(
                      new byte[P256_BITS / Byte.SIZE], new byte[P256_BITS / Byte.SIZE])));
      default -> Optional.empty();
    };
  }

  private static TPMT_PUBLIC template(
      tss.tpm.TPMU_PUBLIC_PARMS parameters, tss.tpm.TPMU_PUBLIC_ID unique) {
    TPMA_OBJECT attributes =
        new TPMA_OBJECT(
            TPMA_OBJECT.fixedTPM,
            TPMA_OBJECT.fixedParent,
            TPMA_OBJECT.sensitiveDataOrigin,
            TPMA_OBJECT.adminWithPolicy,
            TPMA_OBJECT.restricted,
            TPMA_OBJECT.decrypt);
    return new TPMT_PUBLIC(TPM_ALG_ID.SHA256, attributes, POLICY, parameters, unique);
  }

  private static TPMT_SYM_DEF_OBJECT symmetric() {
    return new TPMT_SYM_DEF_OBJECT(TPM_ALG_ID.AES, AES_BITS, TPM_ALG_ID.CFB);
  }
}
