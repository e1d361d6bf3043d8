package org.odap.log.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.entry.LogId;
import org.odap.log.store.Chain;

/** An encrypted record opens under its key, at its place, unchanged; else not. */
@Tag("2PC-9")
class EntryCipherTest {
  @TempDir Path folder;
  private final LogId log = Chain.log(UUID.randomUUID(), "sender");
  private final ByteString entry = new Chain(log).next();
  private EntryCipher cipher;

  @BeforeEach
  void makeKeys() {
    cipher = new EntryCipher(TestKeys.keys(folder, "old", "new"));
  }

  @Test
  void whatWasSealedOpens() {
    ByteString sealed = cipher.seal(log.entryKey(1), entry);
    assertThat(cipher.open(log.entryKey(1), sealed)).contains(entry);
    assertThat(sealed.toString(StandardCharsets.ISO_8859_1)).doesNotContain("init-lock");
    assertThat(cipher.seal(log.entryKey(1), entry)).isNotEqualTo(sealed);
  }

  @Test
  void aRecordOpensOnlyAtItsPlace() {
    ByteString sealed = cipher.seal(log.entryKey(1), entry);
    LogId other = Chain.log(UUID.randomUUID(), "sender");
    assertThat(cipher.open(log.entryKey(2), sealed)).isEmpty();
    assertThat(cipher.open(other.entryKey(1), sealed)).isEmpty();
    LogId otherRole = Chain.log(UUID.fromString(log.sessionId()), "recipient");
    assertThat(cipher.open(otherRole.entryKey(1), sealed)).isEmpty();
  }

  @Test
  void everyChangedOrMissingByteIsNoticed() {
    byte[] sealed = cipher.seal(log.entryKey(1), entry).toByteArray();
    // The first three and the id say what it is and under which key: other tests.
    for (int i = 3 + "new".length(); i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(cipher.open(log.entryKey(1), ByteString.copyFrom(changed))).isEmpty();
      assertThat(cipher.open(log.entryKey(1), ByteString.copyFrom(sealed, 0, i))).isEmpty();
    }
  }

  @Test
  void theKeysIdCantBeExchanged() {
    EntryCipher sameKeyTwice =
        new EntryCipher(
            EntryKeys.load(
                new EncryptionConfig(
                    "one",
                    List.of(
                        TestKeys.inFile(
                            "one", TestKeys.secret(folder.resolve("1"), TestKeys.bytes(9))),
                        TestKeys.inFile(
                            "two", TestKeys.secret(folder.resolve("2"), TestKeys.bytes(9)))))));
    byte[] sealed = sameKeyTwice.seal(log.entryKey(1), entry).toByteArray();
    System.arraycopy("two".getBytes(StandardCharsets.US_ASCII), 0, sealed, 3, 3);
    assertThat(sameKeyTwice.open(log.entryKey(1), ByteString.copyFrom(sealed))).isEmpty();
  }

  @Test
  void aRecordUnderAKeyNotAtHandIsNoDamage() {
    ByteString sealed = cipher.seal(log.entryKey(1), entry);
    EntryCipher withoutKey = new EntryCipher(TestKeys.keys(folder, "old"));
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> withoutKey.open(log.entryKey(1), sealed))
        .withMessageContaining("new");
    EntryCipher withOther = new EntryCipher(TestKeys.otherKey(folder, "new"));
    assertThat(withOther.open(log.entryKey(1), sealed)).isEmpty();
  }

  @Test
  void withoutKeysEntriesAreStoredAsTheyCome() {
    EntryCipher plain = new EntryCipher(EntryKeys.NONE);
    assertThat(plain.seal(log.entryKey(1), entry)).isEqualTo(entry);
    assertThat(plain.open(log.entryKey(1), entry)).contains(entry);
    assertThat(cipher.open(log.entryKey(1), entry)).contains(entry);
  }
}
