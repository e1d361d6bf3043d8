package org.odap.attestation.appraisal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attestation keys that were activated: a file each, written beside, synced and moved into place,
 * so it is whole or not there. To forget a key (a machine is sold, a TPM cleared) an operator
 * deletes its file and starts the service anew.
 *
 * <p>Owns the files and what they say. Guarded by this.
 */
final class KnownKeys {
  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Map<String, KnownKey> keys = new HashMap<>();

  /** Reads what the folder holds; makes it when it does not exist. */
  KnownKeys(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
      for (Path file : all) {
        KnownKey key = read(file);
        keys.put(key.name(), key);
      }
    }
  }

  /** What can't be read must not be taken for a key nobody knows: its counters would be lost. */
  private static KnownKey read(Path file) throws IOException {
    try {
      return JSON.readValue(file.toFile(), KnownKey.class);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not readable; restore or delete it", e);
    }
  }

  synchronized Optional<KnownKey> get(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  synchronized int size() {
    return keys.size();
  }

  /** What becomes of a key when a quote of it is taken. */
  @FunctionalInterface
  interface Change {
    KnownKey apply(Optional<KnownKey> before) throws RefusedException;
  }

  /** Changes a key; the change is on disk when it returns. One quote of all at a time. */
  synchronized KnownKey update(String name, Change change) throws RefusedException, IOException {
    KnownKey after = change.apply(get(name));
    write(folder.resolve(name + SUFFIX), JSON.writeValueAsBytes(after));
    keys.put(name, after);
    return after;
  }

  private void write(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
