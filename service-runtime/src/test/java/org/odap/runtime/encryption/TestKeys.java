package org.odap.runtime.encryption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Key files as an operator makes them. */
public final class TestKeys {
  private TestKeys() {}

  /** Keys of these names, the last one active; a name stands for the same key everywhere. */
  public static EntryKeys keys(Path folder, String... names) {
    return EntryKeys.load(config(folder, names));
  }

  public static EncryptionConfig config(Path folder, String... names) {
    List<KeyConfig> keys = new ArrayList<>();
    for (String name : names) {
      keys.add(inFile(name, file(folder, name, bytes(name.hashCode()))));
    }
    return new EncryptionConfig(names[names.length - 1], keys);
  }

  /** A key of the given name with other bytes than that name stands for elsewhere. */
  public static EntryKeys otherKey(Path folder, String name) {
    Path file = file(folder, name + "-other", bytes(1 + name.hashCode()));
    return EntryKeys.load(new EncryptionConfig(name, List.of(inFile(name, file))));
  }

  public static KeyConfig inFile(String id, Path file) {
    return new KeyConfig(
        id, Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static byte[] bytes(int seed) {
    byte[] key = new byte[EntryKey.LENGTH];
    Arrays.fill(key, (byte) seed);
    key[0] = (byte) (seed >> 8);
    return key;
  }

  private static Path file(Path folder, String name, byte[] key) {
    return secret(folder.resolve(name + ".key"), Base64.getEncoder().encode(key));
  }

  public static Path secret(Path file, byte[] content) {
    try {
      Files.write(file, content);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
