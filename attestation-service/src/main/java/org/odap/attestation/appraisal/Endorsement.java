package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.attestation.tpm.TpmFormatException;
import org.odap.attestation.tpm.TpmPublic;

/**
 * A TPM as its vendor certified it: an endorsement key that never leaves it (TCG EK Credential
 * Profile).
 *
 * @param keyHash SHA-256 of the certified key's SPKI, lower-case hex
 */
record Endorsement(TpmPublic key, String keyHash) {
  private static final int CERTIFICATES_MAX = 8;
  private static final int KEY_ENCIPHERMENT = 2;
  private static final int KEY_AGREEMENT = 4;
  private static final String CERTIFICATES = "endorsement_certificates";

  /** tcg-kp-EKCertificate. */
  private static final String EK_CERTIFICATE = "2.23.133.8.1";

  /** Takes a key whose certificate leads to a trusted vendor, now. */
  static Endorsement check(
      List<ByteString> certificates, ByteString publicArea, Policy.Rule rule, Instant now)
      throws RefusedException, TpmFormatException {
    List<X509Certificate> chain = parse(certificates);
    X509Certificate certificate = chain.getFirst();
    checkUse(certificate);
    checkPath(chain, rule, now);
    TpmPublic key = TpmPublic.parse("endorsement_key", publicArea);
    if (!key.publicKey().equals(certificate.getPublicKey())) {
      throw new RefusedException("endorsement_key: not the key of its certificate");
    }
    if (!key.attributes().fixedTpm()
        || !key.attributes().restricted()
        || !key.attributes().decrypt()
        || key.attributes().sign()
        || key.symmetric().isEmpty()) {
      throw new RefusedException("endorsement_key.objectAttributes: not an endorsement key's");
    }
    String hash =
        HexFormat.of()
            .formatHex(
                HashAlgorithm.SHA256
                    .digest(ByteString.copyFrom(certificate.getPublicKey().getEncoded()))
                    .toByteArray());
    List<String> allowed = rule.profile().endorsementKeys();
    if (!allowed.isEmpty() && !allowed.contains(hash)) {
      throw RefusedException.value("endorsement_key", hash, "a TPM the policy names");
    }
    return new Endorsement(key, hash);
  }

  private static List<X509Certificate> parse(List<ByteString> certificates)
      throws RefusedException {
    if (certificates.isEmpty() || certificates.size() > CERTIFICATES_MAX) {
      throw RefusedException.value(
          CERTIFICATES, certificates.size() + " certificates", "1 to " + CERTIFICATES_MAX);
    }
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (ByteString der : certificates) {
        chain.add((X509Certificate) factory.generateCertificate(der.newInput()));
      }
    } catch (CertificateException e) {
      throw new RefusedException(CERTIFICATES + "[" + chain.size() + "]: not a certificate");
    }
    return chain;
  }

  private static void checkUse(X509Certificate certificate) throws RefusedException {
    if (certificate.getBasicConstraints() >= 0) {
      throw new RefusedException(CERTIFICATES + "[0].basicConstraints: an authority's");
    }
    boolean[] usage = certificate.getKeyUsage();
    int wanted =
        certificate.getPublicKey().getAlgorithm().equals("RSA") ? KEY_ENCIPHERMENT : KEY_AGREEMENT;
    if (usage == null || !usage[wanted]) {
      throw new RefusedException(CERTIFICATES + "[0].keyUsage: not that of an endorsement key");
    }
    if (!extendedUsage(certificate).orElse(List.of(EK_CERTIFICATE)).contains(EK_CERTIFICATE)) {
      throw new RefusedException(
          CERTIFICATES + "[0].extendedKeyUsage: not that of an endorsement key");
    }
  }

  private static Optional<List<String>> extendedUsage(X509Certificate certificate)
      throws RefusedException {
    try {
      return Optional.ofNullable(certificate.getExtendedKeyUsage());
    } catch (CertificateException e) {
      throw new RefusedException(CERTIFICATES + "[0].extendedKeyUsage: not readable");
    }
  }

  private static void checkPath(List<X509Certificate> chain, Policy.Rule rule, Instant now)
      throws RefusedException {
    try {
      PKIXParameters parameters = new PKIXParameters(rule.roots());
      // Vendors publish no revocation a gateway can wait for; the policy names TPMs instead.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      var _ = CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw new RefusedException(
          CERTIFICATES + ": do not lead to a trusted vendor: " + e.getMessage());
    } catch (CertificateException e) {
      throw new RefusedException(CERTIFICATES + ": no chain");
    } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has PKIX, every policy a root", e);
    }
  }

  /**
   * The qualified names a key of this TPM can have that our attester makes, or others of its kind.
   */
  Set<ByteString> qualifiedNames(TpmPublic attestationKey) {
    ByteString endorsementHierarchy = ByteString.fromHex("4000000b");
    ByteString name = attestationKey.name();
    ByteString own = key.nameOf(endorsementHierarchy, key.name());
    return Set.of(
        attestationKey.nameOf(endorsementHierarchy, name), attestationKey.nameOf(own, name));
  }
}
