package org.odap.runtime.encryption;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys a service has for its entries at rest. */
public final class EntryKeys {
  /** No keys: entries are stored as they come. */
  public static final EntryKeys NONE = new EntryKeys(Map.of(), Optional.empty());

  private final Map<String, EntryKey> keys;
  private final Optional<EntryKey> active;

  private EntryKeys(Map<String, EntryKey> keys, Optional<EntryKey> active) {
    this.keys = keys;
    this.active = active;
  }

  /**
   * Reads the keys from their files.
   *
   * @throws KeyException naming the key and the file that is wrong
   */
  public static EntryKeys load(EncryptionConfig config) {
    Map<String, EntryKey> keys = new LinkedHashMap<>();
    for (KeyConfig key : config.keys()) {
      keys.put(key.id(), new EntryKey(key.id(), KeyFiles.read(key)));
    }
    return new EntryKeys(keys, Optional.of(keys.get(config.activeKey())));
  }

  Optional<EntryKey> active() {
    return active;
  }

  Optional<EntryKey> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }
}
