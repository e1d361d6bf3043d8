package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;

/**
 * The values of all chaincodes, each chaincode a namespace, in the order of their keys' UTF-8 bytes
 * as LevelDB has them. Guarded by {@link Ledger}'s lock.
 */
public final class WorldState {
  private static final NavigableMap<ByteString, StateValue> NONE =
      Collections.unmodifiableNavigableMap(newNamespace());

  private final Map<String, NavigableMap<ByteString, StateValue>> namespaces = new HashMap<>();

  WorldState() {}

  /** The value of a key, if it has one. */
  public Optional<StateValue> get(String namespace, String key) {
    return Optional.ofNullable(of(namespace).get(ByteString.copyFromUtf8(key)));
  }

  /**
   * The values from one key to before another.
   *
   * @param end empty: up to the last key
   */
  public NavigableMap<ByteString, StateValue> range(String namespace, String start, String end) {
    ByteString from = ByteString.copyFromUtf8(start);
    NavigableMap<ByteString, StateValue> all = of(namespace);
    if (end.isEmpty()) {
      return all.tailMap(from, true);
    }
    ByteString to = ByteString.copyFromUtf8(end);
    return ByteString.unsignedLexicographicalComparator().compare(from, to) > 0
        ? NONE
        : all.subMap(from, true, to, false);
  }

  void apply(String namespace, KVWrite write, StateVersion version) {
    ByteString key = write.getKeyBytes();
    NavigableMap<ByteString, StateValue> values =
        namespaces.computeIfAbsent(namespace, _ -> newNamespace());
    if (write.getIsDelete()) {
      values.remove(key);
    } else {
      values.put(key, new StateValue(write.getValue(), version));
    }
  }

  private NavigableMap<ByteString, StateValue> of(String namespace) {
    NavigableMap<ByteString, StateValue> values = namespaces.get(namespace);
    return values == null ? NONE : values;
  }

  private static NavigableMap<ByteString, StateValue> newNamespace() {
    return new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  }
}
