package org.odap.runtime.encryption;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;

/**
 * Encryption of entries at rest (recovery-01 6). To rotate, add a key and make it the active one;
 * the keys before stay in the list for the entries stored under them.
 */
public record EncryptionConfig(
    @Description("id of the key under which new entries are stored") String activeKey,
    @Description("every key under which an entry is stored") @Bounds(min = "1", max = "100")
        List<KeyConfig> keys)
    implements Checked {

  public EncryptionConfig {
    keys = List.copyOf(keys);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (KeyConfig key : keys) {
      if (!ids.add(key.id())) {
        mistakes.add("keys: two with the id " + key.id());
      }
    }
    if (!ids.contains(activeKey)) {
      mistakes.add("active-key: value: %s (expected: the id of a key below)".formatted(activeKey));
    }
    return mistakes;
  }
}
