package org.odap.ledger.fabric.development.simulation;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.hyperledger.fabric.shim.ledger.QueryResultsIteratorWithMetadata;
import org.odap.ledger.fabric.development.ledger.StateValue;

/**
 * What chaincode sees of its peer. As with the real one, reads answer what is committed, also after
 * a write of the same transaction.
 *
 * <p>Nulls are the interface's: chaincode expects them.
 */
final class SimulationStub implements ChaincodeStub {
  private static final String FIRST_SIMPLE_KEY = "\u0001";
  private static final String AFTER_ALL = new String(Character.toChars(Character.MAX_CODE_POINT));

  private final Simulator.Invocation invocation;
  private final String namespace;
  private final List<ByteString> arguments;
  private ChaincodeEvent event;

  SimulationStub(Simulator.Invocation invocation, String namespace, List<ByteString> arguments) {
    this.invocation = invocation;
    this.namespace = namespace;
    this.arguments = arguments;
  }

  @Override
  public List<byte[]> getArgs() {
    return arguments.stream().map(ByteString::toByteArray).toList();
  }

  @Override
  public List<String> getStringArgs() {
    return arguments.stream().map(ByteString::toStringUtf8).toList();
  }

  @Override
  public String getFunction() {
    return arguments.isEmpty() ? null : arguments.getFirst().toStringUtf8();
  }

  @Override
  public List<String> getParameters() {
    return getStringArgs().stream().skip(1).toList();
  }

  @Override
  public String getTxId() {
    return invocation.proposal().transactionId();
  }

  @Override
  public String getChannelId() {
    return invocation.proposal().channel();
  }

  @Override
  public Chaincode.Response invokeChaincode(
      String chaincodeName, List<byte[]> args, String channel) {
    if (channel != null && !channel.isEmpty() && !channel.equals(getChannelId())) {
      throw unsupported("chaincode of another channel");
    }
    return invocation.simulator().invoke(invocation, chaincodeName, args);
  }

  @Override
  public byte[] getState(String key) {
    Optional<StateValue> found = invocation.state().get(namespace, key);
    invocation.recorder().read(namespace, key, found);
    return found.map(value -> value.value().toByteArray()).orElseGet(() -> new byte[0]);
  }

  @Override
  public void putState(String key, byte[] value) {
    invocation.recorder().write(namespace, checkedKey(key), value);
  }

  @Override
  public void delState(String key) {
    invocation.recorder().delete(namespace, checkedKey(key));
  }

  private static String checkedKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("key cannot not be an empty string");
    }
    return key;
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByRange(String startKey, String endKey) {
    String start = startKey == null || startKey.isEmpty() ? FIRST_SIMPLE_KEY : startKey;
    String end = endKey == null ? "" : endKey;
    CompositeKey.validateSimpleKeys(start, end);
    return range(start, end);
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(String compositeKey) {
    return getStateByPartialCompositeKey(
        compositeKey.startsWith(CompositeKey.NAMESPACE)
            ? CompositeKey.parseCompositeKey(compositeKey)
            : new CompositeKey(compositeKey));
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(
      String objectType, String... attributes) {
    return getStateByPartialCompositeKey(new CompositeKey(objectType, attributes));
  }

  @Override
  public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(CompositeKey compositeKey) {
    String start = compositeKey.toString();
    return range(start, start + AFTER_ALL);
  }

  private RangeQuery range(String start, String end) {
    RangeQuery query =
        new RangeQuery(
            start, end, invocation.state().range(namespace, start, end).entrySet().iterator());
    invocation.recorder().query(namespace, query);
    return query;
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
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("event name can not be nil string");
    }
    ChaincodeEvent.Builder named = ChaincodeEvent.newBuilder().setEventName(name);
    if (payload != null) {
      named.setPayload(ByteString.copyFrom(payload));
    }
    event = named.build();
  }

  @Override
  public ChaincodeEvent getEvent() {
    return event;
  }

  @Override
  public SignedProposal getSignedProposal() {
    return invocation.proposal().signed();
  }

  @Override
  public Instant getTxTimestamp() {
    return invocation.proposal().timestamp();
  }

  @Override
  public byte[] getCreator() {
    return invocation.proposal().signatureHeader().getCreator().toByteArray();
  }

  @Override
  public Map<String, byte[]> getTransient() {
    return invocation.proposal().payload().getTransientMapMap().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
  }

  @Override
  public byte[] getBinding() {
    return invocation.proposal().binding().toByteArray();
  }

  @Override
  public String getMspId() {
    return invocation.mspId();
  }

  @Override
  public String getStringState(String key) {
    return new String(getState(key), StandardCharsets.UTF_8);
  }

  @Override
  public QueryResultsIterator<KeyValue> getQueryResult(String query) {
    throw new IllegalStateException("GET_QUERY_RESULT failed: not supported for leveldb");
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getQueryResultWithPagination(
      String query, int pageSize, String bookmark) {
    throw new IllegalStateException("GET_QUERY_RESULT failed: not supported for leveldb");
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getStateByRangeWithPagination(
      String startKey, String endKey, int pageSize, String bookmark) {
    throw unsupported("pagination");
  }

  @Override
  public QueryResultsIteratorWithMetadata<KeyValue> getStateByPartialCompositeKeyWithPagination(
      CompositeKey compositeKey, int pageSize, String bookmark) {
    throw unsupported("pagination");
  }

  @Override
  public QueryResultsIterator<KeyModification> getHistoryForKey(String key) {
    throw unsupported("history");
  }

  @Override
  public byte[] getStateValidationParameter(String key) {
    throw unsupported("state-based endorsement");
  }

  @Override
  public void setStateValidationParameter(String key, byte[] value) {
    throw unsupported("state-based endorsement");
  }

  @Override
  public byte[] getPrivateData(String collection, String key) {
    throw unsupported("private data");
  }

  @Override
  public byte[] getPrivateDataHash(String collection, String key) {
    throw unsupported("private data");
  }

  @Override
  public byte[] getPrivateDataValidationParameter(String collection, String key) {
    throw unsupported("private data");
  }

  @Override
  public void putPrivateData(String collection, String key, byte[] value) {
    throw unsupported("private data");
  }

  @Override
  public void setPrivateDataValidationParameter(String collection, String key, byte[] value) {
    throw unsupported("private data");
  }

  @Override
  public void delPrivateData(String collection, String key) {
    throw unsupported("private data");
  }

  @Override
  public void purgePrivateData(String collection, String key) {
    throw unsupported("private data");
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByRange(
      String collection, String startKey, String endKey) {
    throw unsupported("private data");
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, String compositeKey) {
    throw unsupported("private data");
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, CompositeKey compositeKey) {
    throw unsupported("private data");
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
      String collection, String objectType, String... attributes) {
    throw unsupported("private data");
  }

  @Override
  public QueryResultsIterator<KeyValue> getPrivateDataQueryResult(String collection, String query) {
    throw unsupported("private data");
  }

  private static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException("the development peer has no " + what);
  }
}
