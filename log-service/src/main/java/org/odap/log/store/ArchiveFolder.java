package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.odap.api.storage.v1.ArchiveManifest;
import org.odap.api.storage.v1.ArchivedLog;
import org.odap.api.storage.v1.ArchivedLogSummary;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryCipher;
import org.odap.runtime.encryption.EntryKeys;

/**
 * Archives of logs, in a folder that one log service writes to: files with the logs, each with a
 * manifest beside it that is written last. A file without manifest was cut off.
 */
public final class ArchiveFolder {
  private static final String LOGS = ".logs.gz";
  private static final String MANIFEST = ".json";
  private static final String UNFINISHED = ".part";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  private final Path directory;
  private final EntryKeys keys;

  /**
   * The archives in a directory.
   *
   * @param keys for entries that are encrypted
   */
  public ArchiveFolder(Path directory, EntryKeys keys) {
    this.directory = directory;
    this.keys = keys;
  }

  /** What an archive says it holds, and what is damaged in it. */
  public record Verified(ArchiveManifest manifest, List<Damage> damages) {}

  /** Whether a directory holds archives. */
  public static boolean isOne(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith(LOGS + MANIFEST));
    } catch (IOException e) {
      return false;
    }
  }

  /** The manifests of the archives that are complete, the oldest first. */
  public List<ArchiveManifest> manifests() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(LOGS + MANIFEST))
          .sorted()
          .map(ArchiveFolder::manifest)
          .toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static ArchiveManifest manifest(Path file) {
    try {
      ArchiveManifest.Builder manifest = ArchiveManifest.newBuilder();
      JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(file), manifest);
      return manifest.build();
    } catch (InvalidProtocolBufferException e) {
      throw new StoreException(file + ": is no manifest: " + e.getMessage(), true, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The archive that has a log; the newest of several. */
  public Optional<ArchiveManifest> find(LogId log) {
    return manifests().stream()
        .filter(manifest ->
            manifest.getLogsList().stream().anyMatch(one -> one.getLogId().equals(log.value())))
        .reduce((older, newer) -> newer);
  }

  /** The entries of a log in an archive, decrypted. */
  public List<ByteString> entries(ArchiveManifest manifest, LogId log) {
    List<ByteString> entries = new ArrayList<>();
    EntryCipher cipher = cipher();
    String _ =
        read(
            directory.resolve(manifest.getFile()),
            archived -> {
              if (archived.getLogId().equals(log.value())) {
                for (int index = 1; index <= archived.getEntriesCount(); index++) {
                  entries.add(
                      cipher
                          .open(log.entryKey(index), archived.getEntries(index - 1))
                          .orElseThrow(() -> new StoreException("it does not decrypt", true)));
                }
              }
            });
    return entries;
  }

  /** Holds an archive against its manifest: the file's hash, and each log's chain. */
  public Verified verify(ArchiveManifest manifest) {
    return verify(manifest, directory.resolve(manifest.getFile()));
  }

  private Verified verify(ArchiveManifest manifest, Path file) {
    List<Damage> damages = new ArrayList<>();
    List<ArchivedLogSummary> found = new ArrayList<>();
    try {
      String sha256 = read(file, log -> found.add(check(log, damages)));
      if (!sha256.equals(manifest.getSha256())) {
        damages.add(new Damage(manifest.getFile(), 0, "its SHA-256 is " + sha256));
      }
    } catch (StoreException e) {
      damages.add(new Damage(manifest.getFile(), 0, e.getMessage()));
    }
    if (!found.equals(manifest.getLogsList())) {
      damages.add(new Damage(manifest.getFile(), 0, "it holds other logs than its manifest says"));
    }
    return new Verified(manifest, damages);
  }

  private ArchivedLogSummary check(ArchivedLog archived, List<Damage> damages) {
    LogId log = new LogId(archived.getLogId());
    ChainCheck check = new ChainCheck(log, cipher(), damages);
    String lastHash = "";
    for (int index = 1; index <= archived.getEntriesCount(); index++) {
      byte[] key = log.entryKey(index);
      check.accept(index, key, Checksummed.seal(key, archived.getEntries(index - 1)));
      lastHash = check.lastHash().orElse("");
    }
    return summary(log, archived.getEntriesCount(), lastHash);
  }

  private static ArchivedLogSummary summary(LogId log, int length, String lastHash) {
    return ArchivedLogSummary.newBuilder()
        .setLogId(log.value())
        .setLength(length)
        .setLastEntryHash(lastHash)
        .build();
  }

  private EntryCipher cipher() {
    return new EntryCipher(keys, place -> LogId.ofEntryKey(place).key());
  }

  /**
   * Writes an archive. When this returns it is on disk, has been read back, and holds these logs up
   * to the hashes of their heads.
   *
   * @return its name
   */
  String write(Instant now, Database database, List<Listed> logs) {
    try {
      Files.createDirectories(directory);
      removeUnfinished();
      String name = freeName(now);
      Path part = directory.resolve(name + UNFINISHED);
      writeLogs(part, database, logs);
      ArchiveManifest manifest = manifestOf(name, now, logs);
      Verified verified = verify(manifest, part);
      if (!verified.damages().isEmpty()) {
        throw new StoreException("archive " + name + ": " + verified.damages().getFirst(), true);
      }
      rename(part, name);
      Path manifestPart = directory.resolve(name + MANIFEST + UNFINISHED);
      Files.writeString(manifestPart, JsonFormat.printer().print(manifest));
      FileTrees.sync(manifestPart);
      rename(manifestPart, name + MANIFEST);
      return name;
    } catch (IOException e) {
      throw new StoreException(
          "could not archive to %s: %s".formatted(directory, e.getMessage()), false, e);
    }
  }

  private ArchiveManifest manifestOf(String name, Instant now, List<Listed> logs) {
    return ArchiveManifest.newBuilder()
        .setFile(name)
        .setSha256(read(directory.resolve(name + UNFINISHED), log -> {}))
        .setMadeAt(now.toEpochMilli())
        .addAllLogs(
            logs.stream()
                .map(log -> summary(log.log(), log.head().length(), log.head().lastHash()))
                .toList())
        .build();
  }

  private String freeName(Instant now) {
    Instant moment = now;
    while (Files.exists(directory.resolve(NAME.format(moment) + LOGS))) {
      moment = moment.plusMillis(1);
    }
    return NAME.format(moment) + LOGS;
  }

  private static void writeLogs(Path file, Database database, List<Listed> logs)
      throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Listed listed : logs) {
        ArchivedLog.Builder archived =
            ArchivedLog.newBuilder()
                .setLogId(listed.log().value())
                .setCreator(listed.head().access().creator().uri());
        for (int index = 1; index <= listed.head().length(); index++) {
          archived.addEntries(Reading.stored(database, listed.log(), index));
        }
        archived.build().writeDelimitedTo(out);
      }
    }
    FileTrees.sync(file);
  }

  /** What was cut off: its logs are still in the store. Nothing else is ever removed here. */
  private void removeUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(LOGS + UNFINISHED) || name.endsWith(LOGS + MANIFEST + UNFINISHED)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Files of logs that have no manifest: it is lost, or was never written. */
  public List<String> withoutManifest() {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(LOGS))
          .filter(name -> !Files.exists(directory.resolve(name + MANIFEST)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void rename(Path from, String name) throws IOException {
    Files.move(from, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    FileTrees.sync(directory);
  }

  /** Reads an archive to its end; gives its SHA-256. */
  private String read(Path file, Consumer<ArchivedLog> onLog) {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        DigestInputStream digested =
            new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"));
        InputStream logs = new BufferedInputStream(new GZIPInputStream(digested))) {
      for (ArchivedLog log = ArchivedLog.parseDelimitedFrom(logs);
          log != null;
          log = ArchivedLog.parseDelimitedFrom(logs)) {
        onLog.accept(log);
      }
      long _ = digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (IOException e) {
      throw unreadable(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private StoreException unreadable(IOException cause) {
    return new StoreException(
        "archives in %s can't be read: %s".formatted(directory, cause.getMessage()), true, cause);
  }
}
