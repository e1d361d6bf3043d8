package org.odap.runtime.encryption;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Encrypts to the owner of a key: JWE, ECDH-ES on P-256, A256GCM (RFC 7516, 7518 4.6). Who sent it
 * and what it belongs to (a session, a place among a key's shares) are part of the key's
 * derivation, so what was sent for one purpose can't be sent along with another.
 */
public final class JweCipher {
  private static final Set<String> HEADERS = Set.of("alg", "enc", "epk", "apu", "apv");

  /** Of ECDH-ES the second part, an encrypted key, is empty. */
  private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.(\\.[A-Za-z0-9_-]+){3}");

  private JweCipher() {}

  /** The content in compact form, for the owner of a key alone. */
  public static String encrypt(byte[] content, PublicKey recipient, String sender, String purpose) {
    try {
      JWEObject jwe =
          new JWEObject(
              new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM)
                  .agreementPartyUInfo(Base64URL.encode(sender))
                  .agreementPartyVInfo(Base64URL.encode(purpose))
                  .build(),
              new Payload(content));
      jwe.encrypt(new ECDHEncrypter((ECPublicKey) recipient));
      return jwe.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("what is sent to a key can't be encrypted", e);
    }
  }

  /** The content, if it is for the owner of this key, of this sender and for this purpose. */
  public static Optional<byte[]> decrypt(
      String compact, PrivateKey own, String sender, String purpose) {
    if (!COMPACT.matcher(compact).matches()) {
      // The library passes over characters that don't belong there.
      return Optional.empty();
    }
    try {
      JWEObject jwe = JWEObject.parse(compact);
      if (!isOurs(jwe.getHeader(), sender, purpose)) {
        return Optional.empty();
      }
      jwe.decrypt(new ECDHDecrypter((ECPrivateKey) own));
      return Optional.of(jwe.getPayload().toBytes());
    } catch (ParseException | JOSEException | RuntimeException e) {
      // Of malformed headers the library throws whatever it likes. What exactly is wrong is nothing
      // that the other side should learn.
      return Optional.empty();
    }
  }

  /**
   * Who a message says it is from, where that can't be known beforehand. It proves nothing: anyone
   * can encrypt to a public key.
   */
  public static Optional<String> sender(String compact) {
    if (!COMPACT.matcher(compact).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JWEObject.parse(compact).getHeader().getAgreementPartyUInfo())
          .map(Base64URL::decodeToString);
    } catch (ParseException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** One form only: whatever else a header may ask for (compression, for one) is not done. */
  private static boolean isOurs(JWEHeader header, String sender, String purpose) {
    return JWEAlgorithm.ECDH_ES.equals(header.getAlgorithm())
        && EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        && HEADERS.containsAll(header.getIncludedParams())
        && header.getEphemeralPublicKey() instanceof ECKey key
        && Curve.P_256.equals(key.getCurve())
        && Base64URL.encode(sender).equals(header.getAgreementPartyUInfo())
        && Base64URL.encode(purpose).equals(header.getAgreementPartyVInfo());
  }
}
