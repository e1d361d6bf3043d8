package org.odap.runtime.identity;

/**
 * Over which groups keys are agreed on in TLS handshakes of this process: those with at least 128
 * bits of security. Java by itself takes finite fields of 2,048 bits as well, which have fewer.
 */
final class KeyExchangeGroups {
  private static final String PROPERTY = "jdk.tls.namedGroups";
  private static final String STRONG = "x25519,secp256r1,secp384r1,secp521r1,x448";

  private KeyExchangeGroups() {}

  /** To be called before the first handshake: Java looks once. What an operator set stays. */
  static void restrict() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, STRONG);
    }
  }
}
