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
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Checks a peer's chain against the entity certificate of the very organization its identity
 * claims. The DNS name plays no part: gateways are known by their URI. What the files say of an
 * organization stands against whatever a list says of it.
 *
 * <p>Mutable: trust managers of listed organizations, made when one of them first shows up.
 */
final class OrganizationTrust {
  private final Map<String, X509TrustManager> byOrganization;
  private final Map<String, ListedOrganization> listed;
  private final Map<String, X509TrustManager> managersOfListed = new ConcurrentHashMap<>();

  private OrganizationTrust(
      Map<String, X509TrustManager> byOrganization, Map<String, ListedOrganization> listed) {
    this.byOrganization = Map.copyOf(byOrganization);
    this.listed = Map.copyOf(listed);
  }

  static OrganizationTrust of(Map<String, List<X509Certificate>> anchors) {
    Map<String, X509TrustManager> byOrganization = new HashMap<>();
    anchors.forEach((organization, certificates) ->
        byOrganization.put(organization, trustManager(certificates)));
    return new OrganizationTrust(byOrganization, Map.of());
  }

  /** The same of the files, and this list instead of the one before. */
  OrganizationTrust withListed(List<ListedOrganization> organizations) {
    Map<String, ListedOrganization> byName = new HashMap<>();
    organizations.stream()
        .filter(one -> !byOrganization.containsKey(one.organization()))
        .forEach(one -> byName.put(one.organization(), one));
    return new OrganizationTrust(byOrganization, byName);
  }

  Map<String, ListedOrganization> listed() {
    return listed;
  }

  /** What a member that is known by the list alone may call. */
  Optional<CallerRule> ruleOfListed(Identity member) {
    return Optional.ofNullable(listed.get(member.organization()))
        .filter(organization -> organization.members().containsKey(member.uri()))
        .map(organization -> new CallerRule(member.uri(), organization.services()));
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
    X509TrustManager ofFiles = byOrganization.get(identity.organization());
    return ofFiles != null ? ofFiles : managerOfListed(identity, chain[0]);
  }

  private X509TrustManager managerOfListed(Identity identity, X509Certificate certificate)
      throws CertificateException {
    ListedOrganization organization = listed.get(identity.organization());
    if (organization == null) {
      throw new CertificateException("organization not trusted: " + identity.organization());
    }
    if (!organization.names(identity, SigningKey.encode(certificate.getPublicKey()))) {
      throw new CertificateException("not listed with this key: " + identity);
    }
    return managersOfListed.computeIfAbsent(
        identity.organization(), any -> trustManager(organization.entity()));
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
