package org.odap.runtime.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An organization's certificates for development and tests: an entity certificate that signs those
 * of its gateways and services (ARCH 5). Not for production: the entity's key lies beside them, and
 * nothing is ever revoked.
 *
 * <p>Each file is put in place as a whole, so that services that run take up what was renewed.
 */
public final class DevelopmentPki {
  private static final Duration VALIDITY = Duration.ofDays(365);
  // A peer's clock may be behind ours.
  private static final Duration VALID_BEFORE_NOW = Duration.ofMinutes(5);
  private static final int SERIAL_BITS = 127;
  private static final String ENTITY = "entity";
  private static final String KEY_FILE = "-key.pem";

  private final Path folder;
  private final String organization;
  private final KeyPair entityKeys;
  private final X509CertificateHolder entity;
  private final SecureRandom random = new SecureRandom();

  private DevelopmentPki(Path folder, String organization) throws IOException {
    this.folder = folder;
    this.organization = organization;
    this.entityKeys = keyPair();
    X500Name name = name("Entity CA");
    this.entity =
        sign(
            builder(name, name, entityKeys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    extensions().createSubjectKeyIdentifier(entityKeys.getPublic())));
  }

  private DevelopmentPki(Path folder, PrivateKey key, X509Certificate entity)
      throws IOException, CertificateEncodingException {
    this.folder = folder;
    this.entityKeys = new KeyPair(entity.getPublicKey(), key);
    this.entity = new X509CertificateHolder(entity.getEncoded());
    this.organization =
        IETFUtils.valueToString(
            this.entity.getSubject().getRDNs(BCStyle.O)[0].getFirst().getValue());
  }

  /**
   * Makes the organization's entity certificate and writes it to {@code <folder>/entity.pem}, its
   * key to {@code entity-key.pem} (readable by the owner only).
   */
  public static DevelopmentPki create(Path folder, String organization) {
    CryptoProvider.install();
    try {
      Files.createDirectories(folder);
      DevelopmentPki pki = new DevelopmentPki(folder, organization);
      pki.writeEntity(List.of());
      return pki;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The certificates that were made in a folder.
   *
   * @throws IdentityException naming the file that is missing or wrong
   */
  public static DevelopmentPki open(Path folder) {
    CryptoProvider.install();
    Path keyFile = folder.resolve(ENTITY + KEY_FILE);
    PrivateKey key = Pem.privateKey(keyFile);
    for (X509Certificate entity : Pem.certificates(folder.resolve(ENTITY + ".pem"))) {
      if (isPair(key, entity)) {
        try {
          return new DevelopmentPki(folder, key, entity);
        } catch (IOException | CertificateEncodingException e) {
          throw new IdentityException(folder + ": holds no entity certificate of a PKI's", e);
        }
      }
    }
    throw new IdentityException(keyFile + ": is no key of a certificate in " + ENTITY + ".pem");
  }

  private static boolean isPair(PrivateKey key, X509Certificate certificate) {
    try {
      SigningKey _ = SigningKey.of(key, certificate.getPublicKey());
      return true;
    } catch (IdentityException anothers) {
      return false;
    }
  }

  /** Whoever reads both files between the two writes finds the former certificate's key. */
  private void writeEntity(List<X509Certificate> former) throws IOException {
    StringBuilder bundle = new StringBuilder(pem("CERTIFICATE", entity.getEncoded()));
    former.forEach(one -> bundle.append(Pem.text(one)));
    write(entityCertificate(), bundle.toString());
    writePrivate(keyOf(ENTITY), pem("PRIVATE KEY", entityKeys.getPrivate().getEncoded()));
  }

  /** A new entity certificate before those there are: who trusts the file trusts all of them. */
  public DevelopmentPki renewEntity() {
    try {
      DevelopmentPki renewed = new DevelopmentPki(folder, organization);
      renewed.writeEntity(Pem.certificates(entityCertificate()));
      return renewed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes the former entity certificates out of the trusted file.
   *
   * @throws IdentityException while a certificate here is of a former one
   */
  public void forgetFormerEntities() {
    for (String name : members()) {
      X509Certificate member = Pem.certificates(certificateOf(name)).getFirst();
      if (!isIssued(member)) {
        throw new IdentityException(
            certificateOf(name) + ": issued by a former entity certificate (expected: renewed)");
      }
    }
    try {
      writeEntity(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isIssued(X509Certificate member) {
    try {
      member.verify(entityKeys.getPublic());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** File names of the members' certificates, in order: those whose keys are here. */
  public List<String> members() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(KEY_FILE) && !name.equals(ENTITY + KEY_FILE))
          .map(name -> name.substring(0, name.length() - KEY_FILE.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Issues a member's certificate anew, for the identity it has.
   *
   * @param newKey whether for a new key; the certificate of the former one then stays beside it, as
   *     {@code <name>-<serial number>.pem}: evidence needs it
   * @return who it is
   * @throws IdentityException naming the file that is missing or wrong
   */
  public Identity renew(String fileName, boolean newKey) {
    X509Certificate before = Pem.certificates(certificateOf(fileName)).getFirst();
    Identity identity =
        Identity.of(before)
            .filter(one -> one.organization().equals(organization))
            .orElseThrow(() ->
                new IdentityException(
                    certificateOf(fileName) + ": names no identity of " + organization));
    PrivateKey key = Pem.privateKey(keyOf(fileName));
    try {
      if (newKey) {
        String kept = fileName + "-" + before.getSerialNumber().toString(16);
        Files.copy(
            certificateOf(fileName), certificateOf(kept), StandardCopyOption.REPLACE_EXISTING);
        KeyPair keys = keyPair();
        writePrivate(keyOf(fileName), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        writeLeaf(identity, fileName, keys.getPublic());
      } else {
        var _ = SigningKey.of(key, before.getPublicKey());
        writeLeaf(identity, fileName, before.getPublicKey());
      }
      return identity;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The organization's name, the host part of its identities. */
  public String organization() {
    return organization;
  }

  /** Where the entity certificate lies: what others need to trust this organization. */
  public Path entityCertificate() {
    return certificateOf(ENTITY);
  }

  /** This organization as an entry of somebody's list of trusted ones. */
  public TrustedOrganization asTrusted() {
    return new TrustedOrganization(organization, entityCertificate());
  }

  /**
   * Issues a certificate for an identity of this organization, valid for localhost and 127.0.0.1
   * too, and writes {@code <name>.pem} and {@code <name>-key.pem} (readable by the owner only).
   *
   * @param others organizations trusted besides our own
   */
  public TlsFiles issue(Identity identity, String fileName, List<TrustedOrganization> others) {
    if (!identity.organization().equals(organization)) {
      throw new IllegalArgumentException(
          "value: " + identity + " (expected: an identity of " + organization + ")");
    }
    KeyPair keys = keyPair();
    try {
      writePrivate(keyOf(fileName), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
      writeLeaf(identity, fileName, keys.getPublic());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<TrustedOrganization> trusted = new java.util.ArrayList<>(List.of(asTrusted()));
    trusted.addAll(others);
    return new TlsFiles(certificateOf(fileName), keyOf(fileName), List.copyOf(trusted));
  }

  private Path certificateOf(String name) {
    return folder.resolve(name + ".pem");
  }

  private Path keyOf(String name) {
    return folder.resolve(name + KEY_FILE);
  }

  private void writeLeaf(Identity identity, String fileName, PublicKey key) throws IOException {
    write(
        certificateOf(fileName),
        pem("CERTIFICATE", leaf(identity, fileName, key).getEncoded())
            + pem("CERTIFICATE", entity.getEncoded()));
  }

  private X509CertificateHolder leaf(Identity identity, String commonName, PublicKey key)
      throws IOException {
    GeneralNames names =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()),
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            });
    return sign(
        builder(entity.getSubject(), name(commonName), key)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                      KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
            .addExtension(Extension.subjectAlternativeName, false, names)
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions().createAuthorityKeyIdentifier(entityKeys.getPublic())));
  }

  private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
        Date.from(now.minus(VALID_BEFORE_NOW)),
        Date.from(now.plus(VALIDITY)),
        subject,
        key);
  }

  private X509CertificateHolder sign(X509v3CertificateBuilder builder) {
    PrivateKey key = entityKeys.getPrivate();
    try {
      ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return builder.build(signer);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("P-256 signing is always available", e);
    }
  }

  private X500Name name(String commonName) {
    return new X500NameBuilder()
        .addRDN(BCStyle.O, organization)
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  private static JcaX509ExtensionUtils extensions() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-1 for key identifiers is always available", e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is always available", e);
    }
  }

  private static void writePrivate(Path file, String text) throws IOException {
    FileAttribute<?> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    boolean hasPosix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
    // Written beside and moved, so that a reader never sees half a key or one with open
    // permissions.
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    if (hasPosix) {
      Files.createFile(beside, ownerOnly);
    }
    Files.write(beside, text.getBytes(StandardCharsets.US_ASCII));
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(String type, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
