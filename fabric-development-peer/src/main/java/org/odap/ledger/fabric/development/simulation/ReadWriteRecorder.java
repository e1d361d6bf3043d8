package org.odap.ledger.fabric.development.simulation;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.odap.ledger.fabric.development.ledger.StateValue;

/** Writes down what a simulation reads and wants written, sorted, so that all endorsers agree. */
final class ReadWriteRecorder {
  private final TreeMap<String, Namespace> namespaces = new TreeMap<>();

  private static final class Namespace {
    private final NavigableMap<ByteString, KVRead> reads = newMap();
    private final List<RangeQuery> queries = new ArrayList<>();
    private final NavigableMap<ByteString, KVWrite> writes = newMap();

    private static <T> NavigableMap<ByteString, T> newMap() {
      return new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    }

    KVRWSet toProto() {
      KVRWSet.Builder set = KVRWSet.newBuilder();
      reads.values().forEach(set::addReads);
      queries.forEach(query -> set.addRangeQueriesInfo(query.toProto()));
      writes.values().forEach(set::addWrites);
      return set.build();
    }
  }

  void read(String namespace, String key, Optional<StateValue> found) {
    KVRead.Builder read = KVRead.newBuilder().setKey(key);
    found.ifPresent(value -> read.setVersion(value.version().toProto()));
    of(namespace).reads.putIfAbsent(ByteString.copyFromUtf8(key), read.build());
  }

  void query(String namespace, RangeQuery query) {
    of(namespace).queries.add(query);
  }

  void write(String namespace, String key, byte[] value) {
    put(namespace, KVWrite.newBuilder().setKey(key).setValue(ByteString.copyFrom(value)).build());
  }

  void delete(String namespace, String key) {
    put(namespace, KVWrite.newBuilder().setKey(key).setIsDelete(true).build());
  }

  private void put(String namespace, KVWrite write) {
    of(namespace).writes.put(write.getKeyBytes(), write);
  }

  private Namespace of(String name) {
    return namespaces.computeIfAbsent(name, _ -> new Namespace());
  }

  TxReadWriteSet toProto() {
    TxReadWriteSet.Builder all =
        TxReadWriteSet.newBuilder().setDataModel(TxReadWriteSet.DataModel.KV);
    namespaces.forEach((name, set) ->
        all.addNsRwset(
            NsReadWriteSet.newBuilder().setNamespace(name).setRwset(set.toProto().toByteString())));
    return all.build();
  }
}
