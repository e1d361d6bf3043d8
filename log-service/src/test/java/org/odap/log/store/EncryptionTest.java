package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.LogEntry;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyException;
import org.odap.runtime.encryption.TestKeys;
import org.rocksdb.WriteBatch;

/** Entries encrypted at rest: on disk, over rotations, with the wrong key, and when damaged. */
@Tag("2PC-9")
class EncryptionTest {
  @TempDir Path directory;
  @TempDir Path secrets;
  private final Chain chain = Chain.fresh();
  private final List<ByteString> written = new ArrayList<>();

  private EntryKeys keys(String... names) {
    return TestKeys.keys(secrets, names);
  }

  private StoreFixture open(EntryKeys keys) throws DamagedStoreException {
    return new StoreFixture(directory, keys);
  }

  /** Some entries, then a restart that moves them to a table file, then some more. */
  private void fill(EntryKeys keys) throws DamagedStoreException {
    for (int start = 0; start < 2; start++) {
      try (StoreFixture fixture = open(keys)) {
        long epoch = fixture.lease("gateway-1");
        boolean _ = value(get(fixture.store().claimLogs(writer(epoch), 0))).isEmpty();
        List<ByteString> entries = chain.next(20);
        written.addAll(entries);
        value(fixture.append(epoch, chain.log(), entries));
      }
    }
  }

  private void assertReadable(EntryKeys keys) throws DamagedStoreException {
    try (StoreFixture fixture = open(keys)) {
      for (int index = 1; index <= written.size(); index++) {
        assertThat(value(fixture.store().entry(chain.log(), index)).bytes())
            .isEqualTo(written.get(index - 1));
      }
    }
  }

  private SortedMap<String, String> content() throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        content.put(
            directory.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  /** The entries that have a text of theirs in any file of the store. */
  private long entriesInTheClear() throws IOException {
    List<String> files = List.copyOf(content().values());
    long found = 0;
    for (ByteString bytes : written) {
      LogEntry entry = LogEntry.parseFrom(bytes);
      List<String> texts =
          List.of(entry.getMessageSignature(), entry.getPayloadHash(), "init-lock", "ledger-1");
      if (files.stream().anyMatch(file -> texts.stream().anyMatch(file::contains))) {
        found++;
      }
    }
    return found;
  }

  @Test
  void nothingOfAnEncryptedEntryIsFoundInTheFiles() throws Exception {
    fill(keys("a"));
    assertThat(entriesInTheClear()).isZero();
    assertReadable(keys("a"));
  }

  @Test
  void withoutEncryptionEntriesAreFoundInTheFiles() throws Exception {
    fill(EntryKeys.NONE);
    assertThat(entriesInTheClear()).isEqualTo(written.size());
  }

  @Test
  void aRotatedKeyStaysReadable() throws Exception {
    fill(keys("a"));
    fill(keys("a", "b"));
    assertThat(entriesInTheClear()).isZero();
    assertReadable(keys("a", "b"));
    assertReadable(keys("b", "a"));
  }

  @Test
  void entriesFromBeforeTheEncryptionStayReadable() throws Exception {
    fill(EntryKeys.NONE);
    fill(keys("a"));
    assertReadable(keys("a"));
  }

  private void assertRefused(EntryKeys keys, String... words) throws IOException {
    SortedMap<String, String> before = content();
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> open(keys))
        .satisfies(e -> assertThat(e.getMessage()).contains(words))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aMissingOrWrongKeyIsRefusedAndChangesNothing() throws Exception {
    fill(keys("a"));
    fill(keys("a", "b"));
    assertRefused(EntryKeys.NONE, "key a", "not configured");
    assertRefused(keys("b"), "key a", "not configured");
    assertRefused(keys("a"), "key b", "not configured");
    assertRefused(TestKeys.otherKey(secrets, "a"), "key a", "another key");
    assertReadable(keys("a", "b"));
  }

  @Test
  void aMissingKeyIsNamedEvenWithoutTheRegister() throws Exception {
    fill(keys("a"));
    Files.delete(directory.resolve("keys"));
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> open(EntryKeys.NONE))
        .withMessageContaining("key a");
    assertReadable(keys("a"));
  }

  /** Whoever can write the files can make checksums, but no records. */
  @Test
  void aRecordMovedToAnotherPlaceIsNamed() throws Exception {
    EntryKeys keys = keys("a");
    fill(keys);
    try (Database database = Database.open(directory.resolve("db"), keys);
        var batch = new WriteBatch()) {
      byte[] from = chain.log().entryKey(3);
      byte[] to = chain.log().entryKey(7);
      ByteString stored =
          Checksummed.open(from, database.get(Database.Family.ENTRIES, from).orElseThrow())
              .orElseThrow();
      database.put(batch, Database.Family.ENTRIES, to, Checksummed.seal(to, stored));
      database.write(batch);
    }
    assertThatExceptionOfType(DamagedStoreException.class)
        .isThrownBy(() -> open(keys))
        .withMessageContaining(chain.log() + " entry 7: it does not decrypt");
  }

  @Test
  void aDamagedEncryptedStoreIsSalvaged() throws Exception {
    EntryKeys keys = keys("a");
    fill(keys);
    Chain other = Chain.fresh();
    try (StoreFixture fixture = open(keys)) {
      value(fixture.append(fixture.lease("gateway-1"), other.log(), other.next(2)));
    }
    LogId damaged = chain.log();
    try (Database database = Database.open(directory.resolve("db"), keys);
        var batch = new WriteBatch()) {
      byte[] key = damaged.entryKey(7);
      byte[] sealed = database.get(Database.Family.ENTRIES, key).orElseThrow();
      database.put(batch, Database.Family.ENTRIES, key, Arrays.copyOf(sealed, sealed.length - 1));
      database.write(batch);
    }
    List<Damage> damages = new ArrayList<>();
    assertThatExceptionOfType(DamagedStoreException.class)
        .isThrownBy(() -> open(keys))
        .satisfies(e -> damages.addAll(e.damages()));

    assertThat(Salvage.run(directory, keys, damages).quarantined())
        .containsExactly(damaged.value());

    try (StoreFixture fixture = open(keys)) {
      assertThat(value(fixture.store().length(other.log()))).isEqualTo(2);
      assertThat(value(fixture.store().lastEntry(other.log())).index()).isEqualTo(2);
    }
    assertThat(entriesInTheClear()).isZero();
  }
}
