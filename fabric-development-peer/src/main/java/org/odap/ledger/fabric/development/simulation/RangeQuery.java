package org.odap.ledger.fabric.development.simulation;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.QueryReads;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.odap.ledger.fabric.development.ledger.StateValue;

/**
 * The answer to a range query. It is read in pages as the real peer hands it to chaincode, and
 * remembers how far: what was handed out counts as read.
 */
final class RangeQuery implements QueryResultsIterator<KeyValue> {
  private static final int PAGE = 100;

  private final String start;
  private final String end;
  private final Iterator<Map.Entry<ByteString, StateValue>> values;
  private final QueryReads.Builder reads = QueryReads.newBuilder();
  private final Deque<KeyValue> page = new ArrayDeque<>();
  private boolean exhausted;

  RangeQuery(String start, String end, Iterator<Map.Entry<ByteString, StateValue>> values) {
    this.start = start;
    this.end = end;
    this.values = values;
    readPage();
  }

  private void readPage() {
    while (page.size() < PAGE && values.hasNext()) {
      Map.Entry<ByteString, StateValue> next = values.next();
      String key = next.getKey().toStringUtf8();
      reads.addKvReads(
          KVRead.newBuilder().setKey(key).setVersion(next.getValue().version().toProto()));
      page.add(new Found(key, next.getValue().value()));
    }
    exhausted = page.size() < PAGE;
  }

  @Override
  public Iterator<KeyValue> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        if (page.isEmpty() && !exhausted) {
          readPage();
        }
        return !page.isEmpty();
      }

      @Override
      public KeyValue next() {
        if (page.isEmpty() && !exhausted) {
          readPage();
        }
        return page.remove();
      }
    };
  }

  RangeQueryInfo toProto() {
    // One that stopped early is judged only up to where it was read.
    String readTo = exhausted ? end : reads.getKvReads(reads.getKvReadsCount() - 1).getKey();
    return RangeQueryInfo.newBuilder()
        .setStartKey(start)
        .setEndKey(readTo)
        .setItrExhausted(exhausted)
        .setRawReads(reads)
        .build();
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private record Found(String key, ByteString bytes) implements KeyValue {
    @Override
    public String getKey() {
      return key;
    }

    @Override
    public byte[] getValue() {
      return bytes.toByteArray();
    }

    @Override
    public String getStringValue() {
      return bytes.toStringUtf8();
    }
  }
}
