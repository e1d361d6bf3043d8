package org.odap.core.evidence;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.odap.core.envelope.Signer;

/** A gateway with keys and a certificate of its organization, for tests. */
final class Party implements Signer {
  static final Instant VALID_FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant VALID_TO = Instant.parse("2027-01-01T00:00:00Z");

  private final String identity;
  private final KeyPair keys;
  private final Entity entity;
  private final List<X509Certificate> chain;

  private Party(String identity, KeyPair keys, Entity entity, List<X509Certificate> chain) {
    this.identity = identity;
    this.keys = keys;
    this.entity = entity;
    this.chain = List.copyOf(chain);
  }

  static Party of(String identity) {
    return validBetween(identity, VALID_FROM, VALID_TO);
  }

  static Party validBetween(String identity, Instant from, Instant to) {
    try {
      KeyPair keys = newKeys();
      Entity entity = new Entity(identity);
      return new Party(identity, keys, entity, entity.chain(keys.getPublic(), from, to));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A gateway of any name that another one's entity vouches for. */
  static Party certifiedBy(Party other, String identity) {
    return certifiedBy(other, identity, VALID_FROM, VALID_TO);
  }

  /** Somebody else of another one's organization, with a certificate of a certain time. */
  static Party certifiedBy(Party other, String identity, Instant from, Instant to) {
    try {
      KeyPair keys = newKeys();
      return new Party(
          identity, keys, other.entity, other.entity.chain(identity, keys.getPublic(), from, to));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Its certificate first, its entity's last. */
  List<X509Certificate> chain() {
    return chain;
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
