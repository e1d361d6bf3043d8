package org.odap.log.replication;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** Takes nodes of the same log for nodes, and nobody else: they all have one identity. */
final class NodeTrust extends X509ExtendedTrustManager {
  private final TlsMaterial tls;

  NodeTrust(TlsMaterial tls) {
    this.tls = tls;
  }

  private void requireOwn(X509Certificate[] chain) throws CertificateException {
    Optional<Identity> shown = Identity.of(chain[0]);
    if (!shown.equals(Optional.of(tls.identity()))) {
      throw new CertificateException(
          "node is "
              + shown.map(Identity::uri).orElse("nobody")
              + " (expected: "
              + tls.identity()
              + ")");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    tls.trustManager().checkClientTrusted(chain, authType);
    requireOwn(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    tls.trustManagerFor(tls.identity()).checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
