package org.odap.attestation.quorum;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.attestation.store.RecordStore;
import org.odap.attestation.store.RecordStore.Kind;
import org.odap.quorum.KeyForms;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.MalformedPointException;

/** The groups' public keys: nothing of them is secret. */
final class KnownKeys {
  /** Key id -> key. */
  private static final Kind<GroupKey> KEYS = new Kind<>("key", GroupKey.parser());

  private static final int LISTED_MAX = 1_000;
  private static final int RECENT_MAX = 32;

  private final Supplier<RecordStore> store;
  private final Map<String, CheckedKey> recent = new RecentKeys();

  /** A key, and what it is to who combines. */
  record CheckedKey(GroupKey told, org.odap.threshold.GroupKey key) {}

  KnownKeys(Supplier<RecordStore> store) {
    this.store = store;
  }

  /** The first of all keys. */
  List<GroupKey> listed() {
    return store.get().all(KEYS, LISTED_MAX);
  }

  Optional<GroupKey> find(String keyId) {
    return store.get().get(KEYS, keyId);
  }

  /**
   * A key to combine with.
   *
   * @throws OdapException KEY_UNKNOWN
   */
  synchronized CheckedKey require(String keyId) {
    CheckedKey known = recent.get(keyId);
    if (known == null) {
      known =
          checked(
              find(keyId)
                  .orElseThrow(() ->
                      new OdapException(
                          ErrorReason.ERROR_REASON_KEY_UNKNOWN, "no key " + keyId + " here")));
      recent.put(keyId, known);
    }
    return known;
  }

  /** A key whose points are right; refuses others with SHARE_INVALID. */
  static CheckedKey checked(GroupKey key) {
    try {
      return new CheckedKey(key, KeyForms.key(key));
    } catch (MalformedPointException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SHARE_INVALID, "key " + key.getKeyId() + ": " + e.getMessage());
    }
  }

  /** Keeps a key; refuses another of the same id with STEP_CONFLICT. */
  synchronized void keep(GroupKey key) {
    Optional<GroupKey> before = find(key.getKeyId());
    if (before.isPresent()) {
      if (!before.get().equals(key)) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_STEP_CONFLICT, "another key has the id " + key.getKeyId());
      }
      return;
    }
    store.get().put(KEYS, key.getKeyId(), key);
  }

  /** What combining needs of a key costs much to reckon, and 24 kB a participant to keep. */
  private static final class RecentKeys extends LinkedHashMap<String, CheckedKey> {
    private static final long serialVersionUID = 1;

    RecentKeys() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CheckedKey> eldest) {
      return size() > RECENT_MAX;
    }
  }
}
