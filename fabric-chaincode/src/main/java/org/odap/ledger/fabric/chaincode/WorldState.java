package org.odap.ledger.fabric.chaincode;

import java.util.Iterator;
import java.util.Optional;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;

/**
 * The channel's state under composite keys. What a transaction writes it can't read back: a read
 * gives what was committed before. So nobody here reads a key after writing it.
 */
final class WorldState {
  private final ChaincodeStub stub;

  WorldState(ChaincodeStub stub) {
    this.stub = stub;
  }

  <T> Optional<T> get(Class<T> type, Table table, String... key) {
    byte[] value = stub.getState(composite(table, key));
    return value == null || value.length == 0
        ? Optional.empty()
        : Optional.of(Json.read(value, type));
  }

  void put(Object value, Table table, String... key) {
    stub.putState(composite(table, key), Json.bytes(value));
  }

  void delete(Table table, String... key) {
    stub.delState(composite(table, key));
  }

  /**
   * Everything whose key begins with these segments, in the order of keys, until the visitor has
   * enough. What it has seen is what a commit checks for changes.
   */
  <T> void scan(Class<T> type, Visitor<T> visitor, Table table, String... keyStart) {
    try (QueryResultsIterator<KeyValue> results =
        stub.getStateByPartialCompositeKey(composite(table, keyStart))) {
      Iterator<KeyValue> entries = results.iterator();
      boolean more = true;
      while (more && entries.hasNext()) {
        KeyValue entry = entries.next();
        String[] key =
            stub.splitCompositeKey(entry.getKey()).getAttributes().toArray(String[]::new);
        more = visitor.visit(key, Json.read(entry.getValue(), type));
      }
    }
  }

  private String composite(Table table, String... key) {
    return stub.createCompositeKey(table.objectType(), key).toString();
  }

  /** Takes one entry; says whether it wants another. */
  interface Visitor<T> {
    boolean visit(String[] key, T value);
  }
}
