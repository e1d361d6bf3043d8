package org.odap.attestation.group;

import java.security.PrivateKey;
import java.util.Optional;
import org.odap.api.threshold.v1.EncryptedKeyShare;
import org.odap.api.threshold.v1.Participant;
import org.odap.core.envelope.PublicKeys;
import org.odap.runtime.encryption.JweCipher;
import org.odap.threshold.KeyShare;

/** Key shares on their way to their participants: each only its own reads (IT-2). */
public final class ShareLetters {
  private static final int LENGTH_MAX = 2_048;

  private ShareLetters() {}

  /** A share for its participant alone, of this key and no other. */
  public static EncryptedKeyShare seal(
      KeyShare share, Participant to, String dealer, String keyId) {
    return EncryptedKeyShare.newBuilder()
        .setIndex(share.index())
        .setEncryptedShare(
            JweCipher.encrypt(
                share.bytes(),
                PublicKeys.parse(to.getEncryptionKey())
                    .orElseThrow(() -> new IllegalArgumentException("a group that was checked")),
                dealer,
                purpose(keyId, share.index())))
        .build();
  }

  /** The share in a letter, if it is one of this dealer's to this participant. */
  public static Optional<KeyShare> open(
      EncryptedKeyShare letter, PrivateKey own, String dealer, String keyId, int index) {
    if (letter.getIndex() != index || letter.getEncryptedShare().length() > LENGTH_MAX) {
      return Optional.empty();
    }
    return JweCipher.decrypt(letter.getEncryptedShare(), own, dealer, purpose(keyId, index))
        .flatMap(bytes -> parsed(index, bytes));
  }

  /**
   * The share in a letter, whoever it is from: that it is right is told by the commitments alone.
   */
  public static Optional<KeyShare> open(
      EncryptedKeyShare letter, PrivateKey own, String keyId, int index) {
    return JweCipher.sender(letter.getEncryptedShare())
        .flatMap(dealer -> open(letter, own, dealer, keyId, index));
  }

  /** A share shown in the open. */
  public static Optional<KeyShare> parsed(int index, byte[] bytes) {
    try {
      return Optional.of(KeyShare.parse(index, bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String purpose(String keyId, int index) {
    return keyId + "/" + index;
  }
}
