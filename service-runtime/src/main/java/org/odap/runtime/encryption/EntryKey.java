package org.odap.runtime.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** One key for the encryption at rest. It encrypts nothing itself: other keys are derived of it. */
final class EntryKey {
  static final int LENGTH = 32;
  private static final String DERIVATION = "HmacSHA256";
  private static final byte FOR_SCOPE = 1;
  private static final byte FOR_PROOF = 2;

  private final String id;
  private final SecretKey key;

  EntryKey(String id, byte[] key) {
    if (key.length != LENGTH) {
      throw new KeyException(
          "encryption key %s: %d bytes (expected: %d)".formatted(id, key.length, LENGTH));
    }
    this.id = id;
    this.key = new SecretKeySpec(key, DERIVATION);
  }

  String id() {
    return id;
  }

  /**
   * The key of one part of a store, such as a log. AES-GCM with random nonces is safe for 2^32
   * records a key: a log never has so many, a busy service's store has them within months.
   */
  SecretKey of(byte[] scope) {
    return new SecretKeySpec(derive(FOR_SCOPE, scope), "AES");
  }

  /** Tells this key from any other and gives nothing of it away. */
  byte[] proof() {
    return derive(FOR_PROOF, id.getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] derive(byte purpose, byte[] name) {
    try {
      Mac mac = Mac.getInstance(DERIVATION);
      mac.init(key);
      mac.update(purpose);
      return mac.doFinal(name);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + DERIVATION, e);
    }
  }
}
