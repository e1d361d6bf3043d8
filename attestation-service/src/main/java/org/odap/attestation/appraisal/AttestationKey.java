package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.attestation.tpm.ObjectAttributes;
import org.odap.attestation.tpm.SignatureScheme;
import org.odap.attestation.tpm.TpmFormatException;
import org.odap.attestation.tpm.TpmPublic;

/** A key whose signature under TPM_GENERATED data is the TPM's own word. */
record AttestationKey(TpmPublic area, SignatureScheme scheme) {
  private static final int RSA_BITS_MIN = 2048;
  private static final String FIELD = "attestation_key";

  /** Takes a key that can sign nothing but what the TPM has made. */
  static AttestationKey check(ByteString publicArea, Profile profile)
      throws RefusedException, TpmFormatException {
    TpmPublic area = TpmPublic.parse(FIELD, publicArea);
    checkAttributes(area.attributes());
    SignatureScheme scheme =
        area.scheme()
            .orElseThrow(
                () -> new RefusedException(FIELD + ".scheme: none (expected: a signature's)"));
    checkScheme(area, scheme, profile);
    if (area.nameAlgorithm() == HashAlgorithm.SHA1) {
      throw RefusedException.value(FIELD + ".nameAlg", "SHA1", "SHA256 or longer");
    }
    return new AttestationKey(area, scheme);
  }

  private static void checkAttributes(ObjectAttributes attributes) throws RefusedException {
    attribute("restricted", attributes.restricted(), true);
    attribute("sign", attributes.sign(), true);
    attribute("decrypt", attributes.decrypt(), false);
    attribute("fixedTPM", attributes.fixedTpm(), true);
    attribute("fixedParent", attributes.fixedParent(), true);
    attribute("sensitiveDataOrigin", attributes.sensitiveDataOrigin(), true);
  }

  private static void attribute(String name, boolean value, boolean expected)
      throws RefusedException {
    if (value != expected) {
      throw RefusedException.value(FIELD + ".objectAttributes." + name, value, "" + expected);
    }
  }

  private static void checkScheme(TpmPublic area, SignatureScheme scheme, Profile profile)
      throws RefusedException {
    boolean isRsa = area.key() instanceof TpmPublic.Key.Rsa;
    if (scheme.algorithm().isRsa() != isRsa) {
      throw RefusedException.value(FIELD + ".scheme", scheme.algorithm(), "one for its key");
    }
    if (scheme.hash() == HashAlgorithm.SHA1) {
      throw RefusedException.value(FIELD + ".scheme.hashAlg", "SHA1", "SHA256 or longer");
    }
    if (!profile.allows(scheme.algorithm())) {
      throw RefusedException.value(
          FIELD + ".scheme", scheme.algorithm(), "one of " + profile.signatures());
    }
    if (area.key() instanceof TpmPublic.Key.Rsa rsa && rsa.bits() < RSA_BITS_MIN) {
      throw RefusedException.value(FIELD + ".keyBits", rsa.bits(), "at least " + RSA_BITS_MIN);
    }
  }

  /** Its name, lower-case hex. */
  String name() {
    return HexFormat.of().formatHex(area.name().toByteArray());
  }
}
