package org.odap.runtime.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.runtime.encryption.TestKeys.bytes;
import static org.odap.runtime.encryption.TestKeys.inFile;
import static org.odap.runtime.encryption.TestKeys.secret;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.runtime.identity.CryptoProvider;

/** Where keys come from, and what is said when they don't. */
@Tag("2PC-9")
class KeyFilesTest {
  @TempDir Path folder;

  private static byte[] read(KeyConfig key) {
    return KeyFiles.read(key);
  }

  private static void assertRefused(KeyConfig key, String... words) {
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> EntryKeys.load(new EncryptionConfig(key.id(), List.of(key))))
        .satisfies(e -> assertThat(e.getMessage()).contains(key.id()).contains(words))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aKeyIsRawBytesOrTheirBase64() {
    byte[] key = bytes(77);
    assertThat(read(inFile("raw", secret(folder.resolve("raw"), key)))).isEqualTo(key);
    byte[] base64 =
        (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.UTF_8);
    assertThat(read(inFile("base64", secret(folder.resolve("base64"), base64)))).isEqualTo(key);
  }

  @Test
  void aKeyOfAnotherLengthIsRefusedWithoutShowingIt() {
    KeyConfig tooShort = inFile("short", secret(folder.resolve("short"), new byte[16]));
    assertRefused(tooShort, "32 bytes");
    byte[] text = "c2VjcmV0IHRleHQ=".getBytes(StandardCharsets.UTF_8);
    KeyConfig notKey = inFile("text", secret(folder.resolve("text"), text));
    assertRefused(notKey, "32 bytes");
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> read(notKey))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("c2VjcmV0"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(inFile("gone", folder.resolve("gone")), folder.resolve("gone").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "r--------, true",
    "rw-------, true",
    "rw-r-----, true",
    "rw-rw----, false",
    "rw-r--r--, false",
    "rw-----w-, false",
    "rw------x, false",
  })
  void aKeyOpenToOthersIsRefused(String permissions, boolean isTaken) throws Exception {
    Path file = secret(folder.resolve("key"), bytes(1));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    if (isTaken) {
      assertThat(read(inFile("key", file))).isEqualTo(bytes(1));
    } else {
      assertRefused(inFile("key", file), permissions, "closed to others");
    }
  }

  private Path keystore(byte[] key, String alias, String password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12", "SUN");
    store.load(null, null);
    store.setEntry(
        alias,
        new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
        new KeyStore.PasswordProtection(password.toCharArray()));
    Path file = secret(folder.resolve("keys.p12"), new byte[0]);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }

  private KeyConfig inKeystore(Path keystore, String password, Optional<String> alias) {
    byte[] line = (password + "\n").getBytes(StandardCharsets.UTF_8);
    Path passwordFile = secret(folder.resolve("password"), line);
    return new KeyConfig(
        "2026-11", Optional.empty(), Optional.of(keystore), Optional.of(passwordFile), alias);
  }

  @Test
  void aKeyInAKeystore() throws Exception {
    // As in the service, where its provider comes before those of the JDK.
    assertThat(CryptoProvider.install()).isNotEmpty();
    byte[] key = bytes(5);
    assertThat(read(inKeystore(keystore(key, "2026-11", "secret"), "secret", Optional.empty())))
        .isEqualTo(key);
    assertThat(read(inKeystore(keystore(key, "log", "secret"), "secret", Optional.of("log"))))
        .isEqualTo(key);
  }

  @Test
  void aWrongPasswordAndAMissingAliasAreNamed() throws Exception {
    Path keystore = keystore(bytes(5), "2026-11", "secret");
    assertRefused(inKeystore(keystore, "other", Optional.empty()), "keys.p12", "password");
    assertRefused(inKeystore(keystore, "secret", Optional.of("log")), "keys.p12", "named log");
  }

  @Test
  void configurationsAreChecked() {
    Optional<Path> path = Optional.of(folder.resolve("x"));
    Optional<Path> none = Optional.empty();
    KeyConfig good = new KeyConfig("a", path, none, none, Optional.empty());
    assertThat(good.mistakes()).isEmpty();
    assertThat(new KeyConfig("a b", path, none, none, Optional.empty()).mistakes()).hasSize(1);
    assertThat(new KeyConfig("a", none, none, none, Optional.empty()).mistakes()).hasSize(1);
    assertThat(new KeyConfig("a", path, path, path, Optional.empty()).mistakes()).hasSize(1);
    assertThat(new KeyConfig("a", none, path, none, Optional.empty()).mistakes()).hasSize(1);
    assertThat(new KeyConfig("a", path, none, path, Optional.of("b")).mistakes()).hasSize(2);
    assertThat(new EncryptionConfig("a", List.of(good)).mistakes()).isEmpty();
    assertThat(new EncryptionConfig("b", List.of(good)).mistakes()).hasSize(1);
    assertThat(new EncryptionConfig("a", List.of(good, good)).mistakes()).hasSize(1);
  }
}
