package org.odap.runtime.identity;

import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The name of a gateway, service or client (ODAP 5.4, 5.5), such as {@code
 * odapgw://alpha.example/gateway-1}: the URI in its certificate's subject alternative names.
 */
public record Identity(String uri) {
  private static final int SUBJECT_ALTERNATIVE_NAME_URI = 6;

  public Identity {
    if (parsedOrganization(uri).isEmpty()) {
      throw new IllegalArgumentException(
          "value: " + uri + " (expected: a URI such as odapgw://organization/name)");
    }
  }

  /** The identity of this URI; empty when it is none. */
  public static Optional<Identity> parse(String uri) {
    return parsedOrganization(uri).map(any -> new Identity(uri));
  }

  /** The identity a certificate speaks for; empty unless it names exactly one. */
  public static Optional<Identity> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      List<String> uris =
          names.stream()
              .filter(name -> name.get(0).equals(SUBJECT_ALTERNATIVE_NAME_URI))
              .map(name -> (String) name.get(1))
              .toList();
      return uris.size() == 1 && parsedOrganization(uris.getFirst()).isPresent()
          ? Optional.of(new Identity(uris.getFirst()))
          : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }

  /** The organization (VASP) that answers for this identity and issues its certificate. */
  public String organization() {
    return parsedOrganization(uri).orElseThrow();
  }

  /** {@code odapclient:org/...} and {@code odapclient://org/...} are both in use (ODAP 5.5). */
  private static Optional<String> parsedOrganization(String uri) {
    try {
      URI parsed = URI.create(uri);
      if (!parsed.isAbsolute()) {
        return Optional.empty();
      }
      String organization =
          parsed.isOpaque()
              ? parsed.getRawSchemeSpecificPart().split("/", 2)[0]
              : Optional.ofNullable(parsed.getRawAuthority()).orElse("");
      return organization.isEmpty() ? Optional.empty() : Optional.of(organization);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return uri;
  }
}
