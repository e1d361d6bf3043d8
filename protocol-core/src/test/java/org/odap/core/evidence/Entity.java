package org.odap.core.evidence;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.odap.core.envelope.PublicKeys;

/** An organization that certifies the keys of one gateway of its own, for tests. */
@SuppressWarnings("JavaUtilDate") // The certificate builder takes nothing else.
public final class Entity {
  private final String identity;
  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /**
   * Makes one.
   *
   * @param identity of its gateway
   */
  public Entity(String identity) {
    this.identity = identity;
    name = new X500Name("O=entity of " + identity);
    try {
      keys = Party.newKeys();
      certificate =
          signed(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.ONE,
                      Date.from(Party.VALID_FROM),
                      Date.from(Party.VALID_TO),
                      name,
                      keys.getPublic())
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(0)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate of a key of the gateway's, then the entity's own. */
  List<X509Certificate> chain(PublicKey key, Instant from, Instant to) {
    try {
      return List.of(
          signed(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.TWO,
                      Date.from(from),
                      Date.from(to),
                      new X500Name("CN=" + identity),
                      key)
                  .addExtension(
                      Extension.subjectAlternativeName,
                      false,
                      new GeneralNames(
                          new GeneralName(GeneralName.uniformResourceIdentifier, identity)))),
          certificate);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same of a key as messages spell it, in PEM. */
  public List<String> pems(String publicKey) {
    return chain(PublicKeys.parse(publicKey).orElseThrow(), Party.VALID_FROM, Party.VALID_TO)
        .stream()
        .map(Party::pem)
        .toList();
  }

  /** The entity's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  private X509Certificate signed(X509v3CertificateBuilder draft) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            draft.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }
}
