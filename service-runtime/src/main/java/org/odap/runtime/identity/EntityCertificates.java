package org.odap.runtime.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The entity certificates of one organization, as a directory has them: they vouch for that
 * organization's members and nobody else's (ARCH 6, validation of the gateway ownership).
 */
public record EntityCertificates(String organization, List<X509Certificate> certificates) {

  public EntityCertificates {
    certificates = List.copyOf(certificates);
  }

  /**
   * Those of a PEM text.
   *
   * @throws IdentityException when it holds none
   */
  public static EntityCertificates of(String organization, String pem) {
    return new EntityCertificates(organization, Pem.certificatesIn("entity certificate", pem));
  }

  /**
   * The chain of a certificate of the organization's, up to the entity certificate that it comes
   * from; empty when it comes from none.
   *
   * @param shown the certificate, then its issuers as far as they are known
   * @param at when it has to be valid, UNIX milliseconds
   */
  public Optional<List<X509Certificate>> chain(List<X509Certificate> shown, long at) {
    List<X509Certificate> path = shown.stream().filter(one -> !certificates.contains(one)).toList();
    // Nothing to find fault with is nothing to trust.
    return path.isEmpty() || !isOfTheOrganization(path.getFirst())
        ? Optional.empty()
        : anchor(path, at).map(entity -> Stream.concat(path.stream(), Stream.of(entity)).toList());
  }

  /**
   * The chain of a member's certificate in a directory.
   *
   * @param pem the certificate, then its issuers
   * @param at when it has to be valid, UNIX milliseconds; empty = when it was issued
   * @throws IdentityException when it is not the member's, or none of the entity's
   */
  public List<X509Certificate> member(
      Identity identity, String pubkey, String pem, Optional<Long> at) {
    List<X509Certificate> shown = Pem.certificatesIn("certificate", pem);
    X509Certificate own = shown.getFirst();
    if (!Identity.of(own).equals(Optional.of(identity))) {
      throw new IdentityException(
          "certificate: of "
              + Identity.of(own).map(Identity::uri).orElse("nobody")
              + " (expected: of "
              + identity
              + ")");
    }
    if (!SigningKey.encode(own.getPublicKey()).equals(pubkey)) {
      throw new IdentityException("certificate: of another key (expected: of pubkey)");
    }
    return chain(shown, at.orElseGet(() -> own.getNotBefore().toInstant().toEpochMilli()))
        .orElseThrow(() ->
            new IdentityException(
                "certificate: does not chain to the entity certificate of " + organization));
  }

  private boolean isOfTheOrganization(X509Certificate certificate) {
    return Identity.of(certificate)
        .filter(identity -> identity.organization().equals(organization))
        .isPresent();
  }

  @SuppressWarnings("JavaUtilDate") // PKIXParameters knows no other.
  private Optional<X509Certificate> anchor(List<X509Certificate> path, long at) {
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              certificates.stream()
                  .map(one -> new TrustAnchor(one, null))
                  .collect(Collectors.toSet()));
      parameters.setDate(new Date(at));
      // Certificates here live for days; who leaves is suspended in the directory.
      parameters.setRevocationEnabled(false);
      PKIXCertPathValidatorResult result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX")
                  .validate(
                      CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return Optional.of(result.getTrustAnchor().getTrustedCert());
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
