package org.odap.runtime.encryption;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that a store's entries are encrypted with, in a file beside them: a line a key, its id
 * and a proof. By it a wrong or missing key is found before anything is opened. A key is in the
 * register before the first entry is stored under it.
 */
public final class KeyRegister {
  private final Path file;
  private final EntryKeys keys;
  private final Map<String, String> proofs;

  private KeyRegister(Path file, EntryKeys keys, Map<String, String> proofs) {
    this.file = file;
    this.keys = keys;
    this.proofs = proofs;
  }

  /**
   * Reads the register, if there is one, and checks that every key in it is at hand. Changes
   * nothing.
   *
   * @throws KeyException naming the key that is missing or another than the one used
   */
  public static KeyRegister check(Path file, EntryKeys keys) {
    Map<String, String> proofs = new LinkedHashMap<>();
    for (String line : lines(file)) {
      int space = line.indexOf(' ');
      if (space < 0) {
        throw new KeyException(file + ": is no register of keys: restore it from a backup");
      }
      proofs.put(line.substring(0, space), line.substring(space + 1));
    }
    proofs.forEach((id, proof) -> check(id, proof, keys.key(id)));
    return new KeyRegister(file, keys, proofs);
  }

  private static void check(String id, String proof, Optional<EntryKey> configured) {
    EntryKey key =
        configured.orElseThrow(() ->
            new KeyException(
                "encryption key %s: entries are stored under it, but it is not configured"
                    .formatted(id)));
    byte[] expected = proof.getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(proofOf(key).getBytes(StandardCharsets.US_ASCII), expected)) {
      throw new KeyException(
          "encryption key %s: another key than the one entries are stored under".formatted(id));
    }
  }

  /** Notes the key that new entries will be stored under; durable when it returns. */
  public void addActive() {
    keys.active()
        .filter(key -> !proofs.containsKey(key.id()))
        .ifPresent(key -> {
          proofs.put(key.id(), proofOf(key));
          write();
        });
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    proofs.forEach((id, proof) -> text.append(id).append(' ').append(proof).append('\n'));
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text.toString());
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String proofOf(EntryKey key) {
    return HexFormat.of().formatHex(key.proof());
  }
}
