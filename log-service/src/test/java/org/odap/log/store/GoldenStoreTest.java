package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.TestKeys;

/**
 * Data directories that released versions have written, each with a finished and an open log, read
 * and written on by this version: a release adds its own and takes none away.
 */
@Tag("2PC-9")
@Tag("OURS-8")
class GoldenStoreTest {
  private static final String KEY = "golden";
  private static final int ENTRIES = 20;

  @TempDir Path directory;
  @TempDir Path secrets;

  private static Path folder() {
    return Path.of(
        System.getProperty("odap.root"), "log-service", "src", "test", "resources", "golden");
  }

  static List<Path> releases() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
    }
  }

  private static Chain finished() {
    return new Chain(Chain.log(new UUID(1, 1), "sender"), KEY);
  }

  private static Chain open() {
    return new Chain(Chain.log(new UUID(2, 2), "recipient"), KEY);
  }

  private EntryKeys keys() {
    return TestKeys.keys(secrets, KEY);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void whatAReleaseHasStoredIsReadAndGoneOnWith(Path release) throws Exception {
    try (FileSystem zip = FileSystems.newFileSystem(release)) {
      copy(zip.getPath("/"), directory);
    }
    Chain finished = finished();
    List<ByteString> ofFinished = finished.next(ENTRIES);
    Chain open = open();
    List<ByteString> ofOpen = open.next(ENTRIES);

    try (StoreFixture fixture = new StoreFixture(directory, keys())) {
      assertThat(entries(fixture, finished.log())).isEqualTo(ofFinished);
      assertThat(entries(fixture, open.log())).isEqualTo(ofOpen);

      long epoch = fixture.lease("gateway-1");
      assertThat(value(get(fixture.store().claimLogs(writer(epoch), 10))))
          .containsExactly(open.log());
      ofOpen.addAll(open.next(ENTRIES));
      value(fixture.close(epoch, open.log(), ofOpen.subList(ENTRIES, 2 * ENTRIES)));
      fixture.restart();

      assertThat(entries(fixture, open.log())).isEqualTo(ofOpen);
      assertThat(fixture.store().openLogCount()).isZero();
    }
  }

  private static List<ByteString> entries(StoreFixture fixture, LogId log) {
    int length = value(fixture.store().length(log));
    return Stream.iterate(1, index -> index <= length, index -> index + 1)
        .map(index -> value(fixture.store().entry(log, index)).bytes())
        .toList();
  }

  /** For a release: {@code -Dodap.record=0.1.0} writes what this version stores. */
  @Test
  @EnabledIfSystemProperty(named = "odap.record", matches = ".+")
  void record() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory, keys())) {
      long epoch = fixture.lease("gateway-1");
      boolean _ = value(get(fixture.store().claimLogs(writer(epoch), 0))).isEmpty();
      Chain finished = finished();
      value(fixture.close(epoch, finished.log(), finished.next(ENTRIES)));
      // What a restart has moved to a table file, and what is in the write-ahead log yet.
      fixture.restart();
      Chain open = open();
      value(fixture.append(epoch, open.log(), open.next(ENTRIES)));
    }
    Path release = folder().resolve(System.getProperty("odap.record") + ".zip");
    URI zip = URI.create("jar:" + release.toUri());
    try (FileSystem into = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      copy(directory, into.getPath("/"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
