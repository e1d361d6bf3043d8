package org.odap.runtime.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Checks a peer's chain against the entity certificate of the very organization its identity
 * claims. The DNS name plays no part: gateways are known by their URI.
 */
final class OrganizationTrust {
  private final Map<String, X509TrustManager> byOrganization;

  private OrganizationTrust(Map<String, X509TrustManager> byOrganization) {
    this.byOrganization = Map.copyOf(byOrganization);
  }

  static OrganizationTrust of(Map<String, List<X509Certificate>> anchors) {
    Map<String, X509TrustManager> byOrganization = new HashMap<>();
    anchors.forEach((organization, certificates) ->
        byOrganization.put(organization, trustManager(certificates)));
    return new OrganizationTrust(byOrganization);
  }

  void checkClient(X509Certificate[] chain, String authType) throws CertificateException {
    managerFor(chain).checkClientTrusted(chain, authType);
  }

  void checkServer(X509Certificate[] chain, String authType) throws CertificateException {
    managerFor(chain).checkServerTrusted(chain, authType);
  }

  private X509TrustManager managerFor(X509Certificate[] chain) throws CertificateException {
    Identity identity =
        Identity.of(chain[0])
            .orElseThrow(() -> new CertificateException("the certificate names no identity"));
    return Optional.ofNullable(byOrganization.get(identity.organization()))
        .orElseThrow(
            () -> new CertificateException("organization not trusted: " + identity.organization()));
  }

  private static X509TrustManager trustManager(List<X509Certificate> anchors) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < anchors.size(); i++) {
        store.setCertificateEntry("anchor-" + i, anchors.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("trusted certificates can't be used", e);
    }
  }
}
