package org.odap.ledger.fabric.chaincode;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.hyperledger.fabric.shim.ledger.QueryResultsIteratorWithMetadata;

/**
 * One transaction as an endorser simulates it: it reads what was committed before, notes what it
 * read, and keeps what it writes to itself. What the chaincode has no use for is not supported.
 */
final class Simulation implements ChaincodeStub {
  private final NavigableMap<String, InMemoryChannel.Versioned> committed;
  private final String transactionId;
  private final Identity creator;
  private final Instant timestamp;
  private final List<String> arguments;
  private final String signedChaincode;
  private final List<String> signedArguments;

  private final Map<String, Long> reads = new HashMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private final Map<String, Optional<String>> writes = new TreeMap<>();
  private Optional<ChaincodeEvent> event = Optional.empty();

  Simulation(
      NavigableMap<String, InMemoryChannel.Versioned> committed,
      String transactionId,
      Identity creator,
      Instant timestamp,
      List<String> arguments,
      String signedChaincode,
      List<String> signedArguments) {
    this.committed = committed;
    this.transactionId = transactionId;
    this.creator = creator;
    this.timestamp = timestamp;
    this.arguments = arguments;
    this.signedChaincode = signedChaincode;
    this.signedArguments = signedArguments;
  }

  /** What was read of a range of keys: from the first key up to the last one seen. */
  record Range(String from, String to, Map<String, Long> seen) {}

  Map<String, Long> reads() {
    return reads;
  }

  List<Range> ranges() {
    return ranges;
  }

  Map<String, Optional<String>> writes() {
    return writes;
  }

  Optional<ChaincodeEvent> event() {
    return event;
  }

  @Override
  public List<byte[]> getArgs() {
    return arguments.stream().map(a -> a.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @Override
  public List<String> getStringArgs() {
    return arguments;
  }

  @Override
  public String getFunction() {
    return arguments.getFirst();
  }

  @Override
  public List<String> getParameters() {
    return arguments.subList(1, arguments.size());
  }

  @Override
  public String getTxId() {
    return transactionId;
  }

  @Override
  public String getChannelId() {
    return "channel";
  }

  @Override
  public byte[] getState(String key) {
    InMemoryChannel.Versioned found = committed.get(key);
    reads.put(key, found == null ? -1L : found.version());
    return found == null ? new byte[0] : found.value().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void putState(String key, byte[] value) {
    writes.put(key, Optional.of(new String(value, StandardCharsets.UTF_8)));
  }

  @Override
  public void delState(String key) {
    writes.put(key, Optional.empty());
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(String compositeKey) {
    String end = compositeKey + new String(Character.toChars(Character.MAX_CODE_POINT));
    Iterator<Map.Entry<String, InMemoryChannel.Versioned>> found =
        committed.subMap(compositeKey, end).entrySet().iterator();
    Map<String, Long> seen = new TreeMap<>();
    return new QueryResultsIterator<>() {
      private String last = compositeKey;

      @Override
      public Iterator<KeyValue> iterator() {
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            if (!found.hasNext()) {
              last = end;
            }
            return found.hasNext();
          }

          @Override
          public KeyValue next() {
            Map.Entry<String, InMemoryChannel.Versioned> entry = found.next();
            last = entry.getKey();
            seen.put(entry.getKey(), entry.getValue().version());
            return new Found(entry.getKey(), entry.getValue().value());
          }
        };
      }

      @Override
      public void close() {
        ranges.add(new Range(compositeKey, last, seen));
      }
    };
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(
      String objectType, String... attributes) {
    return getStateByPartialCompositeKey(new CompositeKey(objectType, attributes).toString());
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(CompositeKey compositeKey) {
    return getStateByPartialCompositeKey(compositeKey.toString());
  }

  @Override
  public CompositeKey createCompositeKey(String objectType, String... attributes) {
    return new CompositeKey(objectType, attributes);
  }

  @Override
  public CompositeKey splitCompositeKey(String compositeKey) {
    return CompositeKey.parseCompositeKey(compositeKey);
  }

  @Override
  public void setEvent(String name, byte[] payload) {
    event =
        Optional.of(
            ChaincodeEvent.newBuilder()
                .setEventName(name)
                .setPayload(ByteString.copyFrom(payload))
                .build());
  }

  @Override
  public ChaincodeEvent getEvent() {
    return event.orElseThrow();
  }

  @Override
  public SignedProposal getSignedProposal() {
    ChaincodeInput input =
        ChaincodeInput.newBuilder()
            .addAllArgs(signedArguments.stream().map(ByteString::copyFromUtf8).toList())
            .build();
    ChaincodeInvocationSpec invocation =
        ChaincodeInvocationSpec.newBuilder()
            .setChaincodeSpec(ChaincodeSpec.newBuilder().setInput(input))
            .build();
    ChaincodeHeaderExtension extension =
        ChaincodeHeaderExtension.newBuilder()
            .setChaincodeId(ChaincodeID.newBuilder().setName(signedChaincode))
            .build();
    ChannelHeader channelHeader =
        ChannelHeader.newBuilder().setExtension(extension.toByteString()).build();
    Proposal proposal =
        Proposal.newBuilder()
            .setHeader(
                Header.newBuilder()
                    .setChannelHeader(channelHeader.toByteString())
                    .build()
                    .toByteString())
            .setPayload(
                ChaincodeProposalPayload.newBuilder()
                    .setInput(invocation.toByteString())
                    .build()
                    .toByteString())
            .build();
    return SignedProposal.newBuilder().setProposalBytes(proposal.toByteString()).build();
  }

  @Override
  public Instant getTxTimestamp() {
    return timestamp;
  }

  @Override
  public byte[] getCreator() {
    return creator.creator();
  }

  @Override
  public String getMspId() {
    return "endorser";
  }

  @Override
  public Chaincode.Response invokeChaincode(
      String chaincodeName, List<byte[]> args, String channel) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getStateValidationParameter(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStateValidationParameter(String key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByRange(String startKey, String endKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getStateByRangeWithPagination(
      String startKey, String endKey, int pageSize, String bookmark) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getStateByPartialCompositeKeyWithPagination(
      CompositeKey compositeKey, int pageSize, String bookmark) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getQueryResult(String query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getQueryResultWithPagination(
      String query, int pageSize, String bookmark) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyModification> getHistoryForKey(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getPrivateData(String collection, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getPrivateDataHash(String collection, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getPrivateDataValidationParameter(String collection, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putPrivateData(String collection, String key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setPrivateDataValidationParameter(String collection, String key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delPrivateData(String collection, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void purgePrivateData(String collection, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByRange(
      String collection, String startKey, String endKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, String compositeKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, CompositeKey compositeKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, String objectType, String... attributes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataQueryResult(String collection, String query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, byte[]> getTransient() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getBinding() {
    throw new UnsupportedOperationException();
  }

  private record Found(String key, String value) implements KeyValue {
    @Override
    public String getKey() {
      return key;
    }

    @Override
    public byte[] getValue() {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String getStringValue() {
      return value;
    }
  }
}
