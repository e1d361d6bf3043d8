package org.odap.attestation.attester;

import tss.tpm.TPM2B_PUBLIC_KEY_RSA;
import tss.tpm.TPMA_OBJECT;
import tss.tpm.TPMS_ECC_PARMS;
import tss.tpm.TPMS_ECC_POINT;
import tss.tpm.TPMS_NULL_KDF_SCHEME;
import tss.tpm.TPMS_RSA_PARMS;
import tss.tpm.TPMS_SIG_SCHEME_ECDSA;
import tss.tpm.TPMS_SIG_SCHEME_RSAPSS;
import tss.tpm.TPMS_SIG_SCHEME_RSASSA;
import tss.tpm.TPMT_PUBLIC;
import tss.tpm.TPMT_SYM_DEF_OBJECT;
import tss.tpm.TPMU_ASYM_SCHEME;
import tss.tpm.TPM_ALG_ID;
import tss.tpm.TPM_ECC_CURVE;

/** How the attestation key signs, always over SHA-256. */
public enum KeyKind {
  /** ECDSA on P-256: the fastest. */
  ECDSA,
  /** RSA 2048 with PKCS #1 v1.5 padding: what every TPM can do. */
  RSASSA,
  /** RSA 2048 with PSS padding. */
  RSAPSS;

  private static final int RSA_BITS = 2048;

  /** What the TPM is to make: a key that signs nothing but what the TPM itself has made. */
  TPMT_PUBLIC template() {
    TPMA_OBJECT attributes =
        new TPMA_OBJECT(
            TPMA_OBJECT.fixedTPM,
            TPMA_OBJECT.fixedParent,
            TPMA_OBJECT.sensitiveDataOrigin,
            TPMA_OBJECT.userWithAuth,
            TPMA_OBJECT.noDA,
            TPMA_OBJECT.restricted,
            TPMA_OBJECT.sign);
    TPMT_SYM_DEF_OBJECT noSymmetric = new TPMT_SYM_DEF_OBJECT(TPM_ALG_ID.NULL, 0, TPM_ALG_ID.NULL);
    return switch (this) {
      case ECDSA ->
          new TPMT_PUBLIC(
              TPM_ALG_ID.SHA256,
              attributes,
              new byte[0],
              new TPMS_ECC_PARMS(
                  noSymmetric,
                  new TPMS_SIG_SCHEME_ECDSA(TPM_ALG_ID.SHA256),
                  TPM_ECC_CURVE.NIST_P256,
                  new TPMS_NULL_KDF_SCHEME()),
              new TPMS_ECC_POINT(new byte[0], new byte[0]));
      case RSASSA -> rsa(attributes, noSymmetric, new TPMS_SIG_SCHEME_RSASSA(TPM_ALG_ID.SHA256));
      case RSAPSS -> rsa(attributes, noSymmetric, new TPMS_SIG_SCHEME_RSAPSS(TPM_ALG_ID.SHA256));
    };
  }

  private static TPMT_PUBLIC rsa(
      TPMA_OBJECT attributes, TPMT_SYM_DEF_OBJECT noSymmetric, TPMU_ASYM_SCHEME scheme) {
    return new TPMT_PUBLIC(
        TPM_ALG_ID.SHA256,
        attributes,
        new byte[0],
        new TPMS_RSA_PARMS(noSymmetric, scheme, RSA_BITS, 0),
        new TPM2B_PUBLIC_KEY_RSA(new byte[0]));
  }
}
