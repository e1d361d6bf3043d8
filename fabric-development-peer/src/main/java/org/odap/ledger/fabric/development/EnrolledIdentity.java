package org.odap.ledger.fabric.development;

import java.nio.file.Path;

/**
 * A client's files, named as Fabric's tools name them.
 *
 * @param folder holds msp/ and tls/
 */
public record EnrolledIdentity(String mspId, String name, Path folder) {

  public Path certificate() {
    return folder.resolve("msp/signcerts/cert.pem");
  }

  public Path key() {
    return folder.resolve("msp/keystore/key.pem");
  }

  /** What a client trusts the peer's endpoint by. */
  public Path tlsAuthorities() {
    return folder.resolve("tls/ca.pem");
  }

  /** For a peer that wants its clients' TLS certificates. */
  public Path tlsCertificate() {
    return folder.resolve("tls/cert.pem");
  }

  public Path tlsKey() {
    return folder.resolve("tls/key.pem");
  }
}
