package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.LogEntry;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.runtime.encryption.EntryKeys;

/** Damage done to the files of a store is found, named, and survived as far as can be. */
@Tag("2PC-9")
class DamageTest {
  private static final int LOGS = 20;
  private static final int ENTRIES = 10;
  private static final int FIRST_HALF = 5;

  @TempDir Path directory;
  private final List<Chain> chains = new ArrayList<>();
  private final List<List<ByteString>> written = new ArrayList<>();
  private long epoch;

  private Path database() {
    return directory.resolve("db");
  }

  private StoreFixture filled() throws DamagedStoreException {
    StoreFixture fixture = new StoreFixture(directory);
    epoch = fixture.lease("gateway-1");
    for (int i = 0; i < LOGS; i++) {
      Chain chain = Chain.fresh();
      List<ByteString> entries = chain.next(ENTRIES);
      chains.add(chain);
      written.add(entries);
      value(fixture.append(epoch, chain.log(), entries.subList(0, FIRST_HALF)));
    }
    for (int i = 0; i < LOGS; i++) {
      List<ByteString> rest = written.get(i).subList(FIRST_HALF, ENTRIES);
      value(fixture.append(epoch, chains.get(i).log(), rest));
    }
    return fixture;
  }

  /** What lay in the write-ahead log is moved to a table file when the store opens again. */
  private void fillTableFile() throws DamagedStoreException {
    filled().close();
    new StoreFixture(directory).close();
  }

  /** Text that only this entry holds. */
  private String signature(int log, int index) throws IOException {
    return LogEntry.parseFrom(written.get(log).get(index - 1)).getMessageSignature();
  }

  private List<Path> files(String kind) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(database(), "*." + kind)) {
      found.forEach(files::add);
    }
    return files;
  }

  /** Flips one bit in the file that holds this text. */
  private Path flipBitAt(String text, String kind) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (Path file : files(kind)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i + wanted.length <= bytes.length; i++) {
        if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
          bytes[i + 5] ^= 1;
          Files.write(file, bytes);
          return file;
        }
      }
    }
    throw new AssertionError("no ." + kind + " file holds " + text);
  }

  private List<Damage> damagesAtStart() {
    List<Damage> damages = new ArrayList<>();
    assertThatExceptionOfType(DamagedStoreException.class)
        .isThrownBy(() -> new StoreFixture(directory))
        .satisfies(e -> damages.addAll(e.damages()));
    return damages;
  }

  private void assertNamed(List<Damage> damages, int log, int index) {
    assertThat(damages)
        .anySatisfy(damage -> {
          assertThat(damage.place()).isEqualTo(chains.get(log).log().value());
          assertThat(damage.index()).isEqualTo(index);
        });
  }

  @Test
  void aFlippedBitInATableFileIsNamedAndTheStartRefused() throws Exception {
    fillTableFile();
    flipBitAt(signature(7, 4), "sst");
    assertNamed(damagesAtStart(), 7, 4);
    assertNamed(damagesAtStart(), 7, 4);
  }

  @Test
  void aFlippedBitInTheWriteAheadLogIsNamedAndTheStartRefused() throws Exception {
    filled().close();
    flipBitAt(signature(3, 6), "log");
    assertNamed(damagesAtStart(), 3, 6);
    assertNamed(damagesAtStart(), 3, 6);
  }

  @Test
  void aFlippedBitFoundByAReaderIsNamed() throws Exception {
    fillTableFile();
    try (StoreFixture fixture = new StoreFixture(directory)) {
      flipBitAt(signature(7, 4), "sst");
      Outcome<?> read = fixture.store().entry(chains.get(7).log(), 4);
      assertThat(reason(read)).isEqualTo("LOG_CORRUPT");
      assertThat(read.toString()).contains(chains.get(7).log() + " entry 4");
      assertThat(value(fixture.store().entry(chains.get(0).log(), 1)).bytes())
          .isEqualTo(written.get(0).get(0));
    }
  }

  @Test
  void aValueUnderAnotherKeyHasTheWrongChecksum() {
    Chain chain = Chain.fresh();
    ByteString entry = chain.next();
    byte[] key = chain.log().entryKey(1);
    byte[] sealed = Checksummed.seal(key, entry);
    assertThat(Checksummed.open(key, sealed)).contains(entry);
    assertThat(Checksummed.open(chain.log().entryKey(2), sealed)).isEmpty();
    sealed[sealed.length / 2] ^= 1;
    assertThat(Checksummed.open(key, sealed)).isEmpty();
    assertThat(Checksummed.open(key, new byte[3])).isEmpty();
  }

  /** The one write-ahead log that holds something. */
  private Path writeAheadLog() throws IOException {
    Path largest = files("log").getFirst();
    for (Path file : files("log")) {
      if (Files.size(file) > Files.size(largest)) {
        largest = file;
      }
    }
    return largest;
  }

  private static void cut(Path file, long length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), Math.toIntExact(length)));
  }

  @Test
  void aTornTailThatWasNeverAcknowledgedIsDropped() throws Exception {
    StoreFixture fixture = filled();
    long before = Files.size(writeAheadLog());
    byte[] witness = Files.readAllBytes(directory.resolve("witness"));
    Chain chain = chains.get(5);
    List<ByteString> last = chain.next(1);
    value(fixture.append(epoch, chain.log(), last));
    fixture.close();
    // As a power cut in the middle of the write leaves it: half a record, and no answer given.
    long after = Files.size(writeAheadLog());
    cut(writeAheadLog(), (before + after) / 2);
    Files.write(directory.resolve("witness"), witness);

    try (StoreFixture reopened = new StoreFixture(directory)) {
      assertThat(value(reopened.store().length(chain.log()))).isEqualTo(ENTRIES);
      assertThat(value(reopened.append(epoch, chain.log(), last))).isEqualTo(ENTRIES + 1);
    }
  }

  @Test
  void aTailOfZerosIsDropped() throws Exception {
    filled().close();
    Path wal = writeAheadLog();
    // As a power cut leaves a file that had grown before its data was written.
    cut(wal, Files.size(wal) + 5_000);
    try (StoreFixture reopened = new StoreFixture(directory)) {
      assertThat(reopened.store().openLogCount()).isEqualTo(LOGS);
    }
  }

  @Test
  @Tag("2PC-3")
  void acknowledgedEntriesThatAreGoneAreNamed() throws Exception {
    StoreFixture fixture = filled();
    long before = Files.size(writeAheadLog());
    Chain chain = chains.get(5);
    value(fixture.append(epoch, chain.log(), chain.next(2)));
    fixture.close();
    cut(writeAheadLog(), before + 10);

    assertNamed(damagesAtStart(), 5, ENTRIES + 1);
    assertNamed(damagesAtStart(), 5, ENTRIES + 1);
  }

  @Test
  void aLostClaimIsNamed() throws Exception {
    StoreFixture fixture = filled();
    value(get(fixture.store().releaseLease(writer(epoch))));
    long backup = fixture.lease("gateway-2");
    long before = Files.size(writeAheadLog());
    assertThat(value(get(fixture.store().claimLogs(writer(backup), 0)))).hasSize(LOGS);
    fixture.close();
    cut(writeAheadLog(), before + 10);

    assertNamed(damagesAtStart(), 5, 0);
  }

  @Test
  @Tag("2PC-7")
  void anEpochThatWouldBeGivenTwiceIsNoticed() throws Exception {
    StoreFixture fixture = filled();
    long before = Files.size(writeAheadLog());
    fixture.lease("gateway-2");
    fixture.close();
    cut(writeAheadLog(), before + 10);

    assertThat(damagesAtStart())
        .anySatisfy(damage -> assertThat(damage.place()).isEqualTo("leases"));
  }

  @Test
  void aLostWriteAheadLogIsNoticed() throws Exception {
    filled().close();
    Files.delete(writeAheadLog());
    List<Damage> damages = damagesAtStart();
    for (int log = 0; log < LOGS; log++) {
      assertNamed(damages, log, 1);
    }
  }

  @Test
  void aSalvageKeepsWhatIsIntactAndPutsTheRestAside() throws Exception {
    fillTableFile();
    flipBitAt(signature(7, 4), "sst");
    List<Damage> damages = damagesAtStart();

    Salvage.Report report = Salvage.run(directory, EntryKeys.NONE, damages);

    String damaged = chains.get(7).log().value();
    assertThat(report.quarantined()).contains(damaged).hasSizeLessThan(LOGS / 2);
    assertThat(report.kept().resolve("db")).isDirectory();
    try (StoreFixture salvaged = new StoreFixture(directory)) {
      long newer = salvaged.lease("gateway-1");
      assertThat(newer).isGreaterThan(epoch);
      assertThat(value(get(salvaged.store().claimLogs(writer(newer), 0))))
          .hasSize(LOGS - report.quarantined().size());
      for (int i = 0; i < LOGS; i++) {
        Chain chain = chains.get(i);
        if (report.quarantined().contains(chain.log().value())) {
          assertThat(reason(salvaged.store().length(chain.log()))).isEqualTo("LOG_UNKNOWN");
        } else {
          assertThat(value(salvaged.store().entry(chain.log(), ENTRIES)).bytes())
              .isEqualTo(written.get(i).getLast());
          assertThat(value(salvaged.append(newer, chain.log(), chain.next(1))))
              .isEqualTo(ENTRIES + 1);
        }
      }
    }
    new StoreFixture(directory).close();
  }

  @Test
  void whatIsReadableOfADamagedLogIsInQuarantine() throws Exception {
    filled().close();
    flipBitAt(signature(3, 6), "log");
    Salvage.Report report = Salvage.run(directory, EntryKeys.NONE, damagesAtStart());
    assertThat(report.quarantined()).isNotEmpty();
    try (Database database = Database.open(database(), EntryKeys.NONE)) {
      for (String name : report.quarantined()) {
        LogId log = new LogId(name);
        assertThat(database.get(Database.Family.HEADS, log.key())).isEmpty();
        assertThat(database.get(Database.Family.QUARANTINE, log.key())).isPresent();
        assertThat(database.get(Database.Family.QUARANTINE, log.entryKey(1))).isPresent();
      }
    }
    new StoreFixture(directory).close();
  }
}
