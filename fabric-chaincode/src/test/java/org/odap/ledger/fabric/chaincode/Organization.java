package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An organization with a CA that issues certificates as Fabric CA does. */
final class Organization {
  private static final ASN1ObjectIdentifier ATTRIBUTES =
      new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");

  private final String mspId;
  private final KeyPair caKeys = keys();
  private final AtomicLong serials = new AtomicLong();

  Organization(String mspId) {
    this.mspId = mspId;
  }

  String mspId() {
    return mspId;
  }

  /** Somebody enrolled with Fabric CA, with further attributes. */
  Identity enroll(String enrollmentId, String... attributes) {
    String further =
        Arrays.stream(attributes)
            .map(name -> ",\"" + name + "\":\"true\"")
            .collect(Collectors.joining());
    return certify(
        "CN=" + enrollmentId + ",OU=client",
        "{\"attrs\":{\"hf.EnrollmentID\":\"" + enrollmentId + "\"" + further + "}}");
  }

  /** Somebody with a certificate without attributes, as cryptogen makes them. */
  Identity certifyWithoutAttributes(String subject) {
    return certify(subject, "");
  }

  /** Somebody whose attribute extension holds this text; none where it is empty. */
  Identity certify(String subject, String attributes) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=ca." + mspId),
              BigInteger.valueOf(serials.incrementAndGet()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              new X500Name(subject),
              keys().getPublic());
      if (!attributes.isEmpty()) {
        builder.addExtension(ATTRIBUTES, false, attributes.getBytes(StandardCharsets.UTF_8));
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(caKeys.getPrivate())));
      return new Identity(mspId, certificate);
    } catch (CertIOException | OperatorCreationException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
