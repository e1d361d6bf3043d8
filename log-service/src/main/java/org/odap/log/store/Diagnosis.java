package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;

/** Finds out what is lost when the database itself refuses to open. Changes nothing on disk. */
final class Diagnosis {
  /** The key of an entry, as it stands in the bytes of a write-ahead log. */
  private static final Pattern ENTRY_KEY =
      Pattern.compile(
          "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/(?:sender|recipient))\0(.{4})",
          Pattern.DOTALL);

  private Diagnosis() {}

  static List<Damage> of(StoreFiles files, EntryKeys keys, StoreException refusal) {
    Set<Damage> damages = new LinkedHashSet<>();
    damages.add(new Damage("store", 0, refusal.getMessage()));
    try (Database database = Database.openDamaged(files.database(), keys);
        Witness witness = Witness.reading(files.witness())) {
      Verification.Report report = Verification.of(database);
      damages.addAll(report.damages());
      damages.addAll(Testimony.missing(database, witness, report.lastEpoch()));
      damages.addAll(writtenAheadButGone(files, database));
    } catch (StoreException e) {
      damages.add(new Damage("store", 0, "nor can it be read: " + e.getMessage()));
    }
    return List.copyOf(damages);
  }

  /** Entries whose keys stand in the write-ahead log, but that can't be read. */
  private static List<Damage> writtenAheadButGone(StoreFiles files, Database database) {
    List<Damage> gone = new ArrayList<>();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(files.database(), "*.log")) {
      for (Path path : logs) {
        String bytes = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        Matcher keys = ENTRY_KEY.matcher(bytes);
        while (keys.find()) {
          LogId log = new LogId(keys.group(1));
          int index = ByteBuffer.wrap(keys.group(2).getBytes(StandardCharsets.ISO_8859_1)).getInt();
          if (!isReadable(database, log, index)) {
            gone.add(
                new Damage(
                    log.value(),
                    index,
                    "it was written to " + path.getFileName() + ", and is lost"));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gone;
  }

  private static boolean isReadable(Database database, LogId log, int index) {
    try {
      return database.get(Database.Family.ENTRIES, log.entryKey(index)).isPresent();
    } catch (StoreException e) {
      return false;
    }
  }
}
