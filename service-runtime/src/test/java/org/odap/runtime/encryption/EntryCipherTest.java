package org.odap.runtime.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted record opens under its key, at its place, unchanged; else not. */
@Tag("2PC-9")
class EntryCipherTest {
  @TempDir Path folder;
  private final String log = UUID.randomUUID() + "/sender";
  private final ByteString entry = ByteString.copyFromUtf8("{\"operation\":\"init-lock\"}");
  private EntryCipher cipher;

  @BeforeEach
  void makeKeys() {
    cipher = cipher(TestKeys.keys(folder, "old", "new"));
  }

  private static EntryCipher cipher(EntryKeys keys) {
    return new EntryCipher(keys, place -> Arrays.copyOf(place, place.length - 1));
  }

  private static byte[] place(String log, int index) {
    return (log + index).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void whatWasSealedOpens() {
    ByteString sealed = cipher.seal(place(log, 1), entry);
    assertThat(cipher.open(place(log, 1), sealed)).contains(entry);
    assertThat(sealed.toString(StandardCharsets.ISO_8859_1)).doesNotContain("init-lock");
    assertThat(cipher.seal(place(log, 1), entry)).isNotEqualTo(sealed);
  }

  @Test
  void aRecordOpensOnlyAtItsPlace() {
    ByteString sealed = cipher.seal(place(log, 1), entry);
    String other = UUID.randomUUID() + "/sender";
    assertThat(cipher.open(place(log, 2), sealed)).isEmpty();
    assertThat(cipher.open(place(other, 1), sealed)).isEmpty();
    String otherRole = log.replace("sender", "recipient");
    assertThat(cipher.open(place(otherRole, 1), sealed)).isEmpty();
  }

  @Test
  void everyChangedOrMissingByteIsNoticed() {
    byte[] sealed = cipher.seal(place(log, 1), entry).toByteArray();
    // The first three and the id say what it is and under which key: other tests.
    for (int i = 3 + "new".length(); i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(cipher.open(place(log, 1), ByteString.copyFrom(changed))).isEmpty();
      assertThat(cipher.open(place(log, 1), ByteString.copyFrom(sealed, 0, i))).isEmpty();
    }
  }

  @Test
  void theKeysIdCantBeExchanged() {
    EntryCipher sameKeyTwice =
        cipher(
            EntryKeys.load(
                new EncryptionConfig(
                    "one",
                    List.of(
                        TestKeys.inFile(
                            "one", TestKeys.secret(folder.resolve("1"), TestKeys.bytes(9))),
                        TestKeys.inFile(
                            "two", TestKeys.secret(folder.resolve("2"), TestKeys.bytes(9)))))));
    byte[] sealed = sameKeyTwice.seal(place(log, 1), entry).toByteArray();
    System.arraycopy("two".getBytes(StandardCharsets.US_ASCII), 0, sealed, 3, 3);
    assertThat(sameKeyTwice.open(place(log, 1), ByteString.copyFrom(sealed))).isEmpty();
  }

  @Test
  void aRecordUnderAKeyNotAtHandIsNoDamage() {
    ByteString sealed = cipher.seal(place(log, 1), entry);
    EntryCipher withoutKey = cipher(TestKeys.keys(folder, "old"));
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> withoutKey.open(place(log, 1), sealed))
        .withMessageContaining("new");
    EntryCipher withOther = cipher(TestKeys.otherKey(folder, "new"));
    assertThat(withOther.open(place(log, 1), sealed)).isEmpty();
  }

  @Test
  void withoutKeysEntriesAreStoredAsTheyCome() {
    EntryCipher plain = cipher(EntryKeys.NONE);
    assertThat(plain.seal(place(log, 1), entry)).isEqualTo(entry);
    assertThat(plain.open(place(log, 1), entry)).contains(entry);
    assertThat(cipher.open(place(log, 1), entry)).contains(entry);
  }
}
