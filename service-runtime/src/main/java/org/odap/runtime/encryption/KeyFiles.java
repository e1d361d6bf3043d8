package org.odap.runtime.encryption;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import org.odap.runtime.identity.PrivateFile;

/** Reads keys from where the configuration says they are. No message holds any of their bytes. */
public final class KeyFiles {
  private KeyFiles() {}

  /**
   * The 32 bytes of a key.
   *
   * @throws KeyException naming the key and the file that is wrong
   */
  public static byte[] read(KeyConfig key) {
    return key.file()
        .map(file -> plain(key, file))
        .orElseGet(() ->
            fromKeystore(key, key.keystore().orElseThrow(), key.passwordFile().orElseThrow()));
  }

  private static byte[] plain(KeyConfig key, Path file) {
    byte[] bytes = bytes(key, file);
    if (bytes.length == EntryKey.LENGTH) {
      return bytes;
    }
    try {
      byte[] decoded =
          Base64.getDecoder().decode(new String(bytes, StandardCharsets.US_ASCII).strip());
      if (decoded.length == EntryKey.LENGTH) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Said below; the cause would show bytes of the file.
    }
    throw wrong(key, file, "holds no key (expected: 32 bytes, or their base64)", Optional.empty());
  }

  private static byte[] fromKeystore(KeyConfig key, Path keystore, Path passwordFile) {
    String lines = new String(bytes(key, passwordFile), StandardCharsets.UTF_8);
    char[] password = lines.lines().findFirst().orElse("").toCharArray();
    String alias = key.alias().orElse(key.id());
    try {
      // By name: other providers' PKCS#12 keeps no secret keys.
      KeyStore store = KeyStore.getInstance("PKCS12", "SUN");
      store.load(new ByteArrayInputStream(bytes(key, keystore)), password);
      Key found = store.getKey(alias, password);
      if (found == null || found.getEncoded() == null) {
        throw wrong(key, keystore, "holds no secret key named " + alias, Optional.empty());
      }
      return found.getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw wrong(
          key,
          keystore,
          "can't be opened (expected: PKCS#12, and its password in %s)".formatted(passwordFile),
          Optional.of(e));
    }
  }

  private static byte[] bytes(KeyConfig key, Path file) {
    try {
      requireClosed(key, file);
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw wrong(key, file, "does not exist", Optional.of(e));
    } catch (IOException e) {
      throw wrong(key, file, "can't be read: " + e.getMessage(), Optional.of(e));
    }
  }

  private static void requireClosed(KeyConfig key, Path file) throws IOException {
    PrivateFile.mistake(file)
        .ifPresent(mistake -> {
          throw wrong(key, file, mistake, Optional.empty());
        });
  }

  private static KeyException wrong(
      KeyConfig key, Path file, String what, Optional<Exception> cause) {
    String message = "encryption key %s: %s: %s".formatted(key.id(), file, what);
    return cause.map(e -> new KeyException(message, e)).orElseGet(() -> new KeyException(message));
  }
}
