package org.odap.runtime.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The form in which entries are stored: as they come, or encrypted with AES-256-GCM. An encrypted
 * record is a zero byte, with which no entry begins, the format, the key's id, a nonce and the
 * ciphertext. Its place (its key in the store) and the id are authenticated with it, so a record
 * that was moved or changed does not open.
 */
public final class EntryCipher {
  private static final byte ENCRYPTED = 0;
  private static final byte FORMAT = 1;
  private static final int FIXED_LENGTH = 3;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private final EntryKeys keys;
  private final UnaryOperator<byte[]> scope;
  private final SecureRandom random = new SecureRandom();

  /**
   * A cipher.
   *
   * @param scope what a place belongs to, such as the log of an entry: each has a key of its own
   */
  public EntryCipher(EntryKeys keys, UnaryOperator<byte[]> scope) {
    this.keys = keys;
    this.scope = scope;
  }

  /** The stored form of an entry; encrypted if there is a key for it. */
  public ByteString seal(byte[] place, ByteString entry) {
    return keys.active().map(key -> encrypt(key, place, entry)).orElse(entry);
  }

  /**
   * The entry of a stored form; nothing when that is not what was sealed for this place.
   *
   * @throws KeyException when it was encrypted with a key that is not configured
   */
  public Optional<ByteString> open(byte[] place, ByteString stored) {
    if (stored.isEmpty() || stored.byteAt(0) != ENCRYPTED) {
      return Optional.of(stored);
    }
    if (stored.size() < FIXED_LENGTH || stored.byteAt(1) != FORMAT) {
      return Optional.empty();
    }
    int headerLength = FIXED_LENGTH + stored.byteAt(2);
    if (headerLength < FIXED_LENGTH || stored.size() < headerLength + NONCE_LENGTH) {
      return Optional.empty();
    }
    String id = stored.substring(FIXED_LENGTH, headerLength).toString(StandardCharsets.US_ASCII);
    EntryKey key =
        keys.key(id)
            .orElseThrow(() ->
                new KeyException(
                    "encryption key %s: entries are stored under it, but it is not configured"
                        .formatted(id)));
    return decrypt(key, place, stored.toByteArray(), headerLength);
  }

  private ByteString encrypt(EntryKey key, byte[] place, ByteString entry) {
    byte[] header = header(key);
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, place, nonce, header);
      byte[] stored = new byte[header.length + NONCE_LENGTH + cipher.getOutputSize(entry.size())];
      ByteBuffer out = ByteBuffer.wrap(stored).put(header).put(nonce);
      int _ = cipher.doFinal(ByteBuffer.wrap(entry.toByteArray()), out);
      return UnsafeByteOperations.unsafeWrap(stored, 0, out.position());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an entry can't be encrypted", e);
    }
  }

  private Optional<ByteString> decrypt(
      EntryKey key, byte[] place, byte[] stored, int headerLength) {
    int start = headerLength + NONCE_LENGTH;
    try {
      Cipher cipher =
          cipher(
              Cipher.DECRYPT_MODE,
              key,
              place,
              Arrays.copyOfRange(stored, headerLength, start),
              Arrays.copyOf(stored, headerLength));
      byte[] entry = cipher.doFinal(stored, start, stored.length - start);
      return Optional.of(UnsafeByteOperations.unsafeWrap(entry));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an entry can't be decrypted", e);
    }
  }

  private Cipher cipher(int mode, EntryKey key, byte[] place, byte[] nonce, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.of(scope.apply(place)), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    cipher.updateAAD(place);
    return cipher;
  }

  private static byte[] header(EntryKey key) {
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(FIXED_LENGTH + id.length)
        .put(ENCRYPTED)
        .put(FORMAT)
        .put((byte) id.length)
        .put(id)
        .array();
  }
}
