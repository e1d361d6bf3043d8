package org.odap.core.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.odap.core.envelope.PublicKeys;
import org.odap.core.envelope.TestKeys.TestSigner;

/** An organization that certifies the keys of one gateway of its own, for tests. */
@SuppressWarnings("JavaUtilDate") // The certificate builder takes nothing else.
public final class Entity {
  private final String identity;
  private final X500Name name;
  private final ContentSigner signer;
  private final X509Certificate certificate;

  /**
   * Makes one, with a key of chance.
   *
   * @param identity of its gateway
   */
  public Entity(String identity) {
    this(identity, newKeys());
  }

  private Entity(String identity, KeyPair keys) {
    this(identity, keys.getPublic(), signer(keys));
  }

  private Entity(String identity, PublicKey key, ContentSigner signer) {
    this.identity = identity;
    this.signer = signer;
    name = new X500Name("O=entity of " + identity);
    try {
      certificate =
          signed(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.ONE,
                      Date.from(Party.VALID_FROM),
                      Date.from(Party.VALID_TO),
                      name,
                      key)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(0)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes one whose certificates are the same in every run. */
  public static Entity fixed(String identity, TestSigner key) {
    PublicKey publicKey = PublicKeys.parse(key.publicKey()).orElseThrow();
    return new Entity(identity, publicKey, new FixedSigner(key));
  }

  private static KeyPair newKeys() {
    try {
      return Party.newKeys();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(KeyPair keys) {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate of a key of the gateway's, then the entity's own. */
  List<X509Certificate> chain(PublicKey key, Instant from, Instant to) {
    return chain(identity, key, from, to);
  }

  /** The same of a gateway of another name. */
  List<X509Certificate> chain(String gateway, PublicKey key, Instant from, Instant to) {
    try {
      return List.of(
          signed(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.TWO,
                      Date.from(from),
                      Date.from(to),
                      new X500Name("CN=" + gateway),
                      key)
                  .addExtension(
                      Extension.subjectAlternativeName,
                      false,
                      new GeneralNames(
                          new GeneralName(GeneralName.uniformResourceIdentifier, gateway)))),
          certificate);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same of a key as messages spell it, in PEM. */
  public List<String> pems(String publicKey) {
    return pems(publicKey, Party.VALID_FROM, Party.VALID_TO);
  }

  /** The same with a certificate of the gateway's that is valid between two instants only. */
  public List<String> pems(String publicKey, Instant from, Instant to) {
    return chain(PublicKeys.parse(publicKey).orElseThrow(), from, to).stream()
        .map(Party::pem)
        .toList();
  }

  /** The certificates of somebody else of the organization, DER, the entity's last. */
  public List<byte[]> ders(String member, TestSigner key) {
    List<byte[]> ders = new ArrayList<>();
    try {
      for (X509Certificate one :
          chain(
              member,
              PublicKeys.parse(key.publicKey()).orElseThrow(),
              Party.VALID_FROM,
              Party.VALID_TO)) {
        ders.add(one.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    return ders;
  }

  /** The entity's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  private X509Certificate signed(X509v3CertificateBuilder draft) throws Exception {
    return new JcaX509CertificateConverter().getCertificate(draft.build(signer));
  }

  /** Signs certificates without chance. */
  private static final class FixedSigner implements ContentSigner {
    private static final int HALF = 32;

    private final TestSigner key;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    FixedSigner(TestSigner key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
    }

    @Override
    public OutputStream getOutputStream() {
      bytes.reset();
      return bytes;
    }

    @Override
    public byte[] getSignature() {
      byte[] raw = Base64.getUrlDecoder().decode(key.sign(bytes.toByteArray()));
      try {
        return new DERSequence(
                new ASN1Encodable[] {
                  new ASN1Integer(new BigInteger(1, Arrays.copyOf(raw, HALF))),
                  new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, HALF, 2 * HALF)))
                })
            .getEncoded();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
