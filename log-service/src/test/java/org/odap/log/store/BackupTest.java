package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyException;
import org.odap.runtime.encryption.TestKeys;

/** Backups of a store in use, what is restored of them, and what is looked for in both. */
@Tag("OURS-8")
class BackupTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int WRITERS = 4;
  private static final int ENTRIES = 3;

  @TempDir Path directory;
  private StoreFixture fixture;
  private long epoch;

  @BeforeEach
  void openStore() throws DamagedStoreException {
    fixture = new StoreFixture(directory.resolve("data"));
    epoch = fixture.lease("gateway-1");
  }

  private Path backups() {
    return directory.resolve("backups");
  }

  private Path restored() {
    return directory.resolve("restored");
  }

  private Generation backUp(Instant now, int keep) {
    try (BackupFolder folder = BackupFolder.open(backups())) {
      return fixture.store().backUp(folder, now, keep);
    }
  }

  private Restoration.Report restore() throws DamagedStoreException {
    return Restoration.run(backups(), Optional.empty(), restored(), EntryKeys.NONE);
  }

  private Chain open() {
    Chain chain = Chain.fresh();
    value(fixture.append(epoch, chain.log(), chain.next(ENTRIES)));
    return chain;
  }

  private LogId closed() {
    Chain chain = Chain.fresh();
    value(fixture.close(epoch, chain.log(), chain.next(ENTRIES)));
    return chain.log();
  }

  /** What a log grew to at least before the backup began, and did not outgrow after it ended. */
  private static final class Growing {
    final Chain chain = Chain.fresh();
    volatile int acknowledged;
  }

  @Test
  void aBackupOfAStoreInUseHasAllThatWasAcknowledgedBeforeItAndIsWhole() throws Exception {
    List<Growing> logs = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch warm = new CountDownLatch(WRITERS);
    List<Integer> before;
    List<Integer> after;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Growing log = new Growing();
        logs.add(log);
        writers.add(threads.submit(() -> grow(log, stop, warm)));
      }
      assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
      before = logs.stream().map(log -> log.acknowledged).toList();
      backUp(NOON, 2);
      backUp(NOON.plusSeconds(1), 2);
      after = logs.stream().map(log -> log.chain.index()).toList();
      stop.set(true);
      for (Future<?> writer : writers) {
        writer.get(30, TimeUnit.SECONDS);
      }
    }
    fixture.close();

    restore();
    Inspection.Report found = Inspection.of(restored(), EntryKeys.NONE);
    assertThat(found.damages()).isEmpty();
    assertThat(found.witnessed()).isPositive();
    for (int i = 0; i < WRITERS; i++) {
      assertThat(found.logs().get(logs.get(i).chain.log()).length())
          .isBetween(before.get(i), after.get(i) + 1);
    }
  }

  private void grow(Growing log, AtomicBoolean stop, CountDownLatch warm) {
    while (!stop.get()) {
      value(fixture.append(epoch, log.chain.log(), log.chain.next(1)));
      log.acknowledged = log.chain.index();
      if (log.acknowledged == 20) {
        warm.countDown();
      }
    }
  }

  @Test
  void oldGenerationsGoAndWhatTheyHadInCommonStays() throws Exception {
    for (int i = 0; i < 4; i++) {
      closed();
      backUp(NOON.plusSeconds(i), 2);
    }
    try (BackupFolder folder = BackupFolder.open(backups())) {
      assertThat(folder.generations())
          .extracting(Generation::number, Generation::moment)
          .containsExactly(
              Tuple.tuple(3, NOON.plusSeconds(2)), Tuple.tuple(4, NOON.plusSeconds(3)));
    }
    try (Stream<Path> beside = Files.list(backups().resolve("beside"))) {
      assertThat(beside).hasSize(2);
    }
    fixture.close();
    Restoration.run(backups(), Optional.of(3), restored(), EntryKeys.NONE);
    assertThat(Inspection.of(restored(), EntryKeys.NONE).logs()).hasSize(3);
  }

  @Test
  void transfersThatWereOpenAreHeldUntilTheyAreReleased() throws Exception {
    Chain open = open();
    LogId closed = closed();
    backUp(NOON, 2);
    value(fixture.append(epoch, open.log(), open.fork("later").next(1)));
    long later = fixture.lease("gateway-2");
    fixture.close();

    Restoration.Report report = restore();
    assertThat(report.held()).containsExactly(open.log());
    assertThat(report.generation().moment()).isEqualTo(NOON);

    try (StoreFixture again = new StoreFixture(restored())) {
      LogStore store = again.store();
      assertThat(store.heldLogs()).containsExactly(open.log());
      assertThat(reason(again.append(epoch, open.log(), open.fork("old").next(1))))
          .isEqualTo("LOG_HELD");
      long fresh = again.lease("gateway-1");
      assertThat(fresh).isGreaterThan(later);
      assertThat(value(get(store.claimLogs(writer(fresh), 0)))).isEmpty();
      assertThat(store.epochsWithoutLease()).isEmpty();
      assertThat(value(store.entry(open.log(), ENTRIES)).index()).isEqualTo(ENTRIES);

      assertThat(value(get(store.releaseHeld(List.of(open.log(), closed)))))
          .containsExactly(open.log());
      assertThat(value(get(store.releaseHeld(List.of(open.log()))))).isEmpty();
      assertThat(value(get(store.claimLogs(writer(fresh), 0)))).containsExactly(open.log());
      value(again.append(fresh, open.log(), open.fork("new").next(1)));
      again.restart();
      assertThat(again.store().heldLogs()).isEmpty();
      assertThat(again.store().head(closed).orElseThrow().closed()).isTrue();
    }
  }

  @Test
  void aGatewaysOwnLogsAreNotHeld() throws Exception {
    Chain tracker = new Chain(new LogId(closed().sessionId() + "/tracker"));
    value(fixture.append(epoch, tracker.log(), tracker.next(1)));
    backUp(NOON, 2);
    fixture.close();
    assertThat(restore().held()).isEmpty();
  }

  @Test
  void nothingIsRestoredOverWhatIsThere() throws Exception {
    open();
    backUp(NOON, 2);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() ->
            Restoration.run(backups(), Optional.empty(), directory.resolve("data"), EntryKeys.NONE))
        .withMessageContaining("not empty (expected: an empty directory, or none)");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> Restoration.run(backups(), Optional.of(7), restored(), EntryKeys.NONE))
        .withMessageContaining("generation: 7 (expected: one of [1] in ");
    fixture.close();
  }

  @Test
  void aBackupWithAFlippedBitIsNotRestored() throws Exception {
    open();
    backUp(NOON, 2);
    fixture.close();
    Path table;
    try (Stream<Path> files = Files.list(backups().resolve("shared_checksum"))) {
      table = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length / 3] ^= 1;
    Files.write(table, bytes);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::restore)
        .withMessageContaining("could not restore generation 1");
    try (Stream<Path> left = Files.list(restored())) {
      assertThat(left).isEmpty();
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () -> Restoration.verify(backups(), Optional.empty(), directory, EntryKeys.NONE))
        .withMessageContaining("could not restore generation 1");
  }

  @Test
  void aBackupHoldsNoKeyAndIsNotRestoredWithoutIt() throws Exception {
    fixture.close();
    EntryKeys keys = TestKeys.keys(directory, "a");
    Chain chain = Chain.fresh();
    try (StoreFixture encrypted = new StoreFixture(directory.resolve("encrypted"), keys);
        BackupFolder folder = BackupFolder.open(backups())) {
      long lease = encrypted.lease("gateway-1");
      value(encrypted.append(lease, chain.log(), chain.next(ENTRIES)));
      encrypted.store().backUp(folder, NOON, 1);
    }

    assertThatExceptionOfType(KeyException.class)
        .isThrownBy(this::restore)
        .withMessageContaining("encryption key a");
    assertThat(restored()).isEmptyDirectory();
    assertThat(Restoration.run(backups(), Optional.empty(), restored(), keys).held())
        .containsExactly(chain.log());
    assertThat(Inspection.of(restored(), keys).damages()).isEmpty();
  }

  @Test
  void aStoreAndABackupAreLookedThroughWithoutAChange() throws Exception {
    open();
    LogId closed = closed();
    backUp(NOON, 2);
    fixture.close();
    Map<String, String> before = tree(directory);

    Inspection.Report found = Inspection.of(directory.resolve("data"), EntryKeys.NONE);
    assertThat(found.damages()).isEmpty();
    assertThat(found.entries()).isEqualTo(2 * ENTRIES);
    assertThat(found.openTransfers()).doesNotContain(closed).hasSize(1);
    assertThat(found.lastEpoch()).isEqualTo(epoch);
    assertThat(found.witnessed()).isEqualTo(2);
    assertThat(
            Restoration.verify(backups(), Optional.empty(), directory, EntryKeys.NONE)
                .found()
                .entries())
        .isEqualTo(2 * ENTRIES);

    assertThat(tree(directory)).isEqualTo(before);
  }

  /** Every file with its length and time of change. */
  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  @Test
  void aStoreThatForgotWhatTheWitnessSawIsFoundOut() throws Exception {
    Chain chain = open();
    fixture.close();
    Path data = directory.resolve("data");
    Files.copy(data.resolve("witness"), directory.resolve("witness"));
    FileTrees.remove(data);
    try (StoreFixture other = new StoreFixture(data)) {
      other.lease("gateway-1");
    }
    Files.delete(data.resolve("witness"));
    Files.copy(directory.resolve("witness"), data.resolve("witness"));

    assertThat(Inspection.of(data, EntryKeys.NONE).damages())
        .extracting(Damage::toString)
        .containsExactly(
            chain.log()
                + " entry 1: it was acknowledged, as was all up to "
                + ENTRIES
                + ", and is missing");
  }

  @Test
  void whatIsNoStoreIsSaidSo() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> Inspection.of(directory, EntryKeys.NONE))
        .withMessageContaining("no data directory of a log service");
    fixture.close();
  }
}
