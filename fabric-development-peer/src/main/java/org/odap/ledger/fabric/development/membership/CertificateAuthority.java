package org.odap.ledger.fabric.development.membership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.odap.runtime.identity.Pem;

/**
 * An authority of an organization: for its members' identities, or for their TLS. Its key lies
 * beside its certificate in the clear: for development only.
 */
public final class CertificateAuthority {
  // Where Fabric CA puts the attributes that it vouches for, as JSON.
  private static final ASN1ObjectIdentifier ATTRIBUTES =
      new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");
  private static final Duration VALIDITY = Duration.ofDays(3650);
  private static final Duration VALID_BEFORE_NOW = Duration.ofMinutes(5);
  private static final int SERIAL_BITS = 127;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** Makes an authority in a folder: ca.pem and key.pem. */
  public static CertificateAuthority create(Path folder, String organization, String name)
      throws IOException {
    try {
      KeyPair keys = keyPair();
      X500Name subject = name(organization, Optional.empty(), name);
      X509v3CertificateBuilder builder =
          builder(subject, subject, keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate certificate = sign(builder, keys.getPrivate());
      writePublic(folder.resolve("ca.pem"), Pem.text(certificate));
      writeKey(folder.resolve("key.pem"), keys.getPrivate());
      return new CertificateAuthority(certificate, keys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /** The authority of a folder. */
  public static CertificateAuthority open(Path folder) throws IOException {
    return new CertificateAuthority(
        Pem.certificates(folder.resolve("ca.pem")).getFirst(), readKey(folder.resolve("key.pem")));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a member's identity into an MSP folder: signcerts/cert.pem, keystore/key.pem,
   * cacerts/ca.pem.
   *
   * @param unit peer, orderer, client or admin
   * @param attributes JSON, for clients
   */
  public void issueIdentity(
      Path msp, String organization, String unit, String name, Optional<String> attributes)
      throws IOException {
    try {
      KeyPair keys = keyPair();
      X509v3CertificateBuilder builder =
          member(name(organization, Optional.of(unit), name), keys.getPublic());
      if (attributes.isPresent()) {
        builder.addExtension(ATTRIBUTES, false, attributes.get().getBytes(StandardCharsets.UTF_8));
      }
      writePublic(msp.resolve("cacerts/ca.pem"), Pem.text(certificate));
      writePublic(msp.resolve("signcerts/cert.pem"), Pem.text(sign(builder, key)));
      writeKey(msp.resolve("keystore/key.pem"), keys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /** Issues a TLS certificate for this machine into a folder: cert.pem and key.pem. */
  public void issueTls(Path folder, String organization, String name) throws IOException {
    try {
      KeyPair keys = keyPair();
      GeneralNames hosts =
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              });
      X509v3CertificateBuilder builder =
          member(name(organization, Optional.empty(), name), keys.getPublic())
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                      }))
              .addExtension(Extension.subjectAlternativeName, false, hosts);
      writePublic(folder.resolve("cert.pem"), Pem.text(sign(builder, key)));
      writeKey(folder.resolve("key.pem"), keys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private X509v3CertificateBuilder member(X500Name subject, PublicKey memberKey)
      throws GeneralSecurityException, IOException {
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return builder(issuer, subject, memberKey)
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS),
        Date.from(now.minus(VALID_BEFORE_NOW)),
        Date.from(now.plus(VALIDITY)),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static X500Name name(String organization, Optional<String> unit, String commonName) {
    X500NameBuilder name = new X500NameBuilder().addRDN(BCStyle.O, organization);
    unit.ifPresent(value -> name.addRDN(BCStyle.OU, value));
    return name.addRDN(BCStyle.CN, commonName).build();
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static void writePublic(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void writeKey(Path file, PrivateKey key) throws IOException {
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
  }

  /** The private key of a PKCS#8 PEM file that was made here. */
  static PrivateKey readKey(Path file) throws IOException {
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": holds no readable EC key (expected: P-256)", e);
    }
  }

  private static UncheckedIOException unavailable(GeneralSecurityException e) {
    return new UncheckedIOException(new IOException("P-256 certificates are always available", e));
  }
}
