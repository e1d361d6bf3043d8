package org.odap.core.evidence;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** Certificates as evidence carries them: PEM, the gateway's first, its entity's last (ARCH 6). */
public final class Certificates {
  /** GeneralName type "uniformResourceIdentifier" (RFC 5280 4.2.1.6). */
  private static final int SAN_URI = 6;

  private Certificates() {}

  /** Reads certificates in PEM, one or several a text. */
  public static List<X509Certificate> parse(Collection<String> pems) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (String pem : pems) {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
      for (var certificate : factory.generateCertificates(bytes)) {
        certificates.add((X509Certificate) certificate);
      }
    }
    return List.copyOf(certificates);
  }

  /** Takes chains apart that follow one another: each begins with a certificate of no authority. */
  static List<List<X509Certificate>> chains(List<X509Certificate> certificates) {
    List<List<X509Certificate>> chains = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      if (chains.isEmpty() || certificate.getBasicConstraints() < 0) {
        chains.add(new ArrayList<>());
      }
      chains.getLast().add(certificate);
    }
    return chains;
  }

  /** The certificate's public key as messages spell it: base64url of the SPKI DER. */
  public static String publicKey(X509Certificate certificate) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(certificate.getPublicKey().getEncoded());
  }

  /** SHA-256 of the certificate, lower-case hex: what a person compares by another way. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException | CertificateException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * What is wrong with a chain: each certificate must be signed by the next, which must be an
   * authority; all must be valid from first to last instant; the gateway's must name its identity;
   * the last must be one that is trusted for its organization, unless nobody is known.
   */
  static List<String> faults(
      List<X509Certificate> chain, String identity, Instant first, Instant last, Trust trusted) {
    if (chain.isEmpty()) {
      return List.of("there is no certificate");
    }
    List<String> faults = new ArrayList<>();
    if (!identities(chain.getFirst()).contains(identity)) {
      faults.add("the certificate does not name " + identity);
    }
    for (X509Certificate certificate : chain) {
      addValidity(certificate, first, last, faults);
    }
    for (int i = 0; i + 1 < chain.size(); i++) {
      addSignature(chain.get(i), chain.get(i + 1), faults);
    }
    addAnchor(chain.getLast(), identity, trusted, faults);
    return faults;
  }

  private static void addValidity(
      X509Certificate certificate, Instant first, Instant last, List<String> faults) {
    if (certificate.getNotBefore().toInstant().isAfter(first)
        || certificate.getNotAfter().toInstant().isBefore(last)) {
      faults.add(
          "the certificate of " + name(certificate) + " was not valid when the log was written");
    }
  }

  private static void addSignature(
      X509Certificate certificate, X509Certificate issuer, List<String> faults) {
    try {
      certificate.verify(issuer.getPublicKey());
      if (issuer.getBasicConstraints() < 0) {
        faults.add(name(issuer) + " is no certificate authority");
      }
    } catch (GeneralSecurityException notSigned) {
      faults.add("the certificate of " + name(certificate) + " is not signed by " + name(issuer));
    }
  }

  private static void addAnchor(
      X509Certificate anchor, String identity, Trust trusted, List<String> faults) {
    if (!trusted.isEmpty()) {
      if (!trusted.of(identity).contains(anchor)) {
        faults.add("the entity certificate of " + name(anchor) + " is not one you trust");
      }
      return;
    }
    addSignature(anchor, anchor, faults);
  }

  private static List<String> identities(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> name.get(0).equals(SAN_URI))
          .map(name -> (String) name.get(1))
          .toList();
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
