package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.storage.v1.ArchiveManifest;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyException;
import org.odap.runtime.encryption.TestKeys;

/** Logs of ended transfers on their way from the store to an archive; none is lost on it. */
@Tag("OURS-8")
class ArchiveTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /** Of every entry that a Chain makes. */
  private static final Instant ENDED = Instant.ofEpochSecond(1_606_157_330L);

  private static final int ENTRIES = 3;

  @TempDir Path directory;
  @TempDir Path secrets;
  private StoreFixture fixture;
  private long epoch;
  private List<ByteString> written;

  @BeforeEach
  void openStore() throws DamagedStoreException {
    fixture = new StoreFixture(directory.resolve("data"), keys());
    epoch = fixture.lease("gateway-1");
  }

  @AfterEach
  void closeStore() {
    fixture.close();
  }

  private EntryKeys keys() {
    return TestKeys.keys(secrets, "a");
  }

  private Path archives() {
    return directory.resolve("archives");
  }

  private ArchiveFolder folder() {
    return new ArchiveFolder(archives(), keys());
  }

  private LogId closed(LogId log) {
    written = new Chain(log).next(ENTRIES);
    value(fixture.close(epoch, log, written));
    return log;
  }

  private List<Listed> ended() {
    return fixture.store().endedBefore(NOW, "", 10);
  }

  @Test
  void anEndedLogGoesToAnArchiveAndItsHeadTellsWhere() throws Exception {
    LogId log = closed(StoreFixture.log());

    assertThat(fixture.store().archive(folder(), NOW, ended())).containsExactly(log);

    ArchiveManifest manifest = folder().find(log).orElseThrow();
    assertThat(manifest.getFile()).isEqualTo("20261122T120000000Z.logs.gz");
    assertThat(folder().verify(manifest).damages()).isEmpty();
    assertThat(folder().entries(manifest, log)).isEqualTo(written);
    for (int start = 0; start < 2; start++) {
      assertThat(fixture.store().entry(log, 1).toString())
          .contains("LOG_ARCHIVED", "its entries are in archive " + manifest.getFile());
      assertThat(reason(fixture.store().lastEntry(log))).isEqualTo("LOG_ARCHIVED");
      assertThat(value(fixture.store().length(log))).isEqualTo(ENTRIES);
      assertThat(ended()).isEmpty();
      fixture.restart();
    }
  }

  /** The head is what keeps an order that is given again from being carried out again. */
  @Test
  void anArchivedLogIsNeverBegunAgain() throws Exception {
    LogId log = closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());

    assertThat(reason(fixture.append(epoch, log, new Chain(log, "again").next(1))))
        .isEqualTo("LOG_ARCHIVED");
    assertThat(reason(fixture.append(epoch, log, written))).isEqualTo("LOG_ARCHIVED");
    fixture.restart();
    long later = fixture.lease("gateway-1");
    assertThat(reason(fixture.append(later, log, new Chain(log).next(1))))
        .isEqualTo("LOG_ARCHIVED");
  }

  @Test
  void onlyTransfersThatEndedLongEnoughAgoGo() {
    LogId log = closed(StoreFixture.log());
    LogId operations = closed(new LogId(StoreFixture.log().sessionId() + "/operations"));
    Chain open = Chain.fresh();
    value(fixture.append(epoch, open.log(), open.next(1)));

    assertThat(fixture.store().endedBefore(ENDED, "", 10)).isEmpty();
    assertThat(fixture.store().endedBefore(ENDED.plusSeconds(1), "", 10))
        .extracting(Listed::log)
        .containsExactly(log)
        .doesNotContain(operations, open.log());
  }

  @Test
  void aLogThatChangedMeanwhileStays() {
    LogId log = closed(StoreFixture.log());
    LogHead other = fixture.store().head(log).orElseThrow().ownedBy(epoch + 1);

    assertThat(fixture.store().archive(folder(), NOW, List.of(new Listed(log, other)))).isEmpty();
    assertThat(value(fixture.store().lastEntry(log)).index()).isEqualTo(ENTRIES);
  }

  @Test
  void whatIsNotInTheStoreAsItsHeadSaysIsNotArchived() {
    LogId log = closed(StoreFixture.log());
    LogHead head = fixture.store().head(log).orElseThrow();
    Listed wrong =
        new Listed(
            log,
            new LogHead(ENTRIES, "0".repeat(64), epoch, head.standing(), 1, head.access(), ""));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.store().archive(folder(), NOW, List.of(wrong)))
        .withMessageContaining("it holds other logs than its manifest says");
    assertThat(folder().manifests()).isEmpty();
    assertThat(value(fixture.store().lastEntry(log)).index()).isEqualTo(ENTRIES);
  }

  @Test
  void whatWasCutOffIsDoneAgainAndNothingThatIsWholeIsTouched() throws Exception {
    LogId first = closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());
    Files.writeString(archives().resolve("20261122T130000000Z.logs.gz.part"), "cut");
    Files.writeString(archives().resolve("20261122T130000000Z.logs.gz.json.part"), "cut");
    Files.writeString(archives().resolve("20261122T140000000Z.logs.gz"), "its manifest is lost");

    LogId second = closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());

    assertThat(folder().manifests()).hasSize(2);
    assertThat(folder().find(first).orElseThrow().getFile()).endsWith("0000Z.logs.gz");
    assertThat(folder().find(second).orElseThrow().getFile()).endsWith("0001Z.logs.gz");
    assertThat(folder().withoutManifest()).containsExactly("20261122T140000000Z.logs.gz");
    try (Stream<Path> files = Files.list(archives())) {
      assertThat(files).hasSize(5);
    }
  }

  @Test
  void anArchiveThatCannotBeWrittenLeavesTheLogsWhereTheyAre() throws IOException {
    LogId log = closed(StoreFixture.log());
    Files.writeString(archives(), "a file in the folder's place");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.store().archive(folder(), NOW, ended()))
        .withMessageContaining("could not archive to " + archives());
    assertThat(value(fixture.store().lastEntry(log)).index()).isEqualTo(ENTRIES);
  }

  @Test
  void aFlippedBitInAnArchiveIsFound() throws Exception {
    LogId log = closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());
    ArchiveManifest manifest = folder().find(log).orElseThrow();
    Path file = archives().resolve(manifest.getFile());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThat(folder().verify(manifest).damages()).isNotEmpty();
  }

  @Test
  void anArchiveOfEncryptedEntriesHoldsThemEncrypted() throws Exception {
    LogId log = closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());
    ArchiveManifest manifest = folder().find(log).orElseThrow();

    ArchiveFolder withoutKeys = new ArchiveFolder(archives(), EntryKeys.NONE);
    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(() -> withoutKeys.entries(manifest, log))
        .withMessageContaining("encryption key a");
  }

  @Test
  void aStoreWithArchivedLogsIsWholeAndItsBackupToo() throws Exception {
    closed(StoreFixture.log());
    fixture.store().archive(folder(), NOW, ended());
    try (BackupFolder backups = BackupFolder.open(directory.resolve("backups"))) {
      fixture.store().backUp(backups, NOW, 1);
    }
    Inspection.Report found =
        Restoration.verify(directory.resolve("backups"), Optional.empty(), directory, keys())
            .found();
    assertThat(found.damages()).isEmpty();
    assertThat(found.count(LogHead.Standing.ARCHIVED)).isEqualTo(1);
    assertThat(found.entries()).isZero();
  }
}
