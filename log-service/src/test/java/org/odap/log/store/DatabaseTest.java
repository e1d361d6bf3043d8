package org.odap.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.store.Database.Family;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.WriteBatch;

/** What RocksDB does not do by itself: closing in order, and copies of a moment. */
class DatabaseTest {
  private static final int READERS = 4;
  private static final int ROUNDS = 50;

  @TempDir Path directory;

  private Database open(String name) {
    return Database.open(directory.resolve(name), EntryKeys.NONE);
  }

  private static void put(Database database, String key, String value) {
    try (WriteBatch batch = new WriteBatch()) {
      database.put(batch, Family.HEADS, key.getBytes(UTF_8), value.getBytes(UTF_8));
      database.write(batch);
    }
  }

  private static String get(Database database, String key) {
    return database
        .get(Family.HEADS, key.getBytes(UTF_8))
        .map(value -> new String(value, UTF_8))
        .orElse("");
  }

  /** Without the order the process dies here, and takes the other tests along. */
  @Test
  void aReadThatRunsWhenItIsClosedEndsAndLaterOnesAreRefused() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        Database database = open("db");
        put(database, "a", "1");
        CountDownLatch reading = new CountDownLatch(READERS);
        List<Future<String>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
          readers.add(threads.submit(readUntilRefused(database, reading)));
        }
        reading.await();
        database.close();
        for (Future<String> reader : readers) {
          assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo("the log service is stopping");
        }
      }
    }
  }

  private static Callable<String> readUntilRefused(Database database, CountDownLatch reading) {
    return () -> {
      try {
        while (true) {
          assertThat(get(database, "a")).isEqualTo("1");
          try (Scan scan = database.scan(Family.HEADS)) {
            scan.seekToFirst();
            assertThat(scan.value()).isEqualTo("1".getBytes(UTF_8));
          }
          reading.countDown();
        }
      } catch (StoreException e) {
        return e.getMessage();
      }
    };
  }

  @Test
  void aCheckpointIsADatabaseOfItsOwnAsOfItsMoment() {
    try (Database database = open("db")) {
      put(database, "a", "before");
      database.checkpoint(directory.resolve("checkpoint"));
      put(database, "a", "after");
      put(database, "b", "after");
      try (Database copy = open("checkpoint")) {
        assertThat(get(copy, "a")).isEqualTo("before");
        assertThat(get(copy, "b")).isEmpty();
        put(copy, "a", "of the copy");
      }
      assertThat(get(database, "a")).isEqualTo("after");
    }
  }

  @Test
  void aCheckpointOverwritesNothing() {
    try (Database database = open("db")) {
      put(database, "a", "1");
      Path target = directory.resolve("checkpoint");
      database.checkpoint(target);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> database.checkpoint(target))
          .withMessageContaining(target.toString());
    }
  }
}
