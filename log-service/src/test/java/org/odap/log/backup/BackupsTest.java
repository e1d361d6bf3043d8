package org.odap.log.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.store.CommitListener;
import org.odap.log.store.LogStore;
import org.odap.log.store.StoreException;
import org.odap.runtime.encryption.EntryKeys;

/** What is told of backups that could not be made, and of those that were. */
@Tag("OURS-8")
class BackupsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  @Test
  void aFolderThatIsAwayIsCountedAndStopsNothing() throws Exception {
    Path place = directory.resolve("backups");
    BackupConfig config = new BackupConfig(place, Duration.ofHours(1), 2);
    try (LogStore store =
        LogStore.open(
            directory.resolve("data"), EntryKeys.NONE, System::nanoTime, CommitListener.NONE)) {
      Backups backups =
          new Backups(config, () -> store, Clock.fixed(NOON, ZoneOffset.UTC), registry);
      Files.writeString(place, "no folder");

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(backups::make)
          .withMessageContaining("backup directory " + place);
      assertThat(registry.get(BackupMetrics.FAILURES).counter().count()).isEqualTo(1);
      assertThat(gauge(BackupMetrics.AGE)).isNaN();

      Files.delete(place);
      assertThat(backups.make().moment()).isEqualTo(NOON);
      assertThat(backups.list()).hasSize(1);
      assertThat(gauge(BackupMetrics.AGE)).isZero();
      assertThat(gauge(BackupMetrics.SIZE)).isPositive();
      assertThat(registry.get(BackupMetrics.DURATION).timer().count()).isEqualTo(1);
      assertThat(store.unwritable()).isEmpty();
    }
  }
}
