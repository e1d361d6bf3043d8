package org.odap.core.evidence;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.odap.core.envelope.Signer;

/** A gateway with keys and a certificate of its organization, for tests. */
final class Party implements Signer {
  static final Instant VALID_FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant VALID_TO = Instant.parse("2027-01-01T00:00:00Z");

  private final String identity;
  private final KeyPair keys;
  private final List<X509Certificate> chain;

  private Party(String identity, KeyPair keys, List<X509Certificate> chain) {
    this.identity = identity;
    this.keys = keys;
    this.chain = List.copyOf(chain);
  }

  static Party of(String identity) {
    return validBetween(identity, VALID_FROM, VALID_TO);
  }

  @SuppressWarnings("JavaUtilDate") // The certificate builder takes nothing else.
  static Party validBetween(String identity, Instant from, Instant to) {
    try {
      KeyPair entityKeys = newKeys();
      KeyPair keys = newKeys();
      X500Name entity = new X500Name("O=entity of " + identity);
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(entityKeys.getPrivate());
      var converter = new JcaX509CertificateConverter();
      var entityCertificate =
          new JcaX509v3CertificateBuilder(
                  entity,
                  BigInteger.ONE,
                  Date.from(VALID_FROM),
                  Date.from(VALID_TO),
                  entity,
                  entityKeys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .build(signer);
      var certificate =
          new JcaX509v3CertificateBuilder(
                  entity,
                  BigInteger.TWO,
                  Date.from(from),
                  Date.from(to),
                  new X500Name("CN=" + identity),
                  keys.getPublic())
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(
                      new GeneralName(GeneralName.uniformResourceIdentifier, identity)))
              .build(signer);
      return new Party(
          identity,
          keys,
          List.of(
              converter.getCertificate(certificate), converter.getCertificate(entityCertificate)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  String identity() {
    return identity;
  }

  X509Certificate entityCertificate() {
    return chain.getLast();
  }

  List<String> pems() {
    return chain.stream().map(Party::pem).toList();
  }

  static String pem(X509Certificate certificate) {
    try {
      String base64 =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String publicKey() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(keys.getPublic().getEncoded());
  }

  @Override
  public String sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
