package org.odap.ledger.fabric.development;

import java.nio.charset.StandardCharsets;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;

/** A chaincode that does what a test needs. */
@Contract(name = "desk")
@Default
public final class DeskContract implements ContractInterface {

  @Transaction
  public void put(Context context, String key, String value) {
    context.getStub().putStringState(key, value);
    context.getStub().setEvent("put", value.getBytes(StandardCharsets.UTF_8));
  }

  @Transaction
  public String get(Context context, String key) {
    return context.getStub().getStringState(key);
  }

  @Transaction
  public String increment(Context context, String key) {
    String now = context.getStub().getStringState(key);
    String next = Long.toString(now.isEmpty() ? 1 : Long.parseLong(now) + 1);
    context.getStub().putStringState(key, next);
    context.getStub().setEvent("increment", key.getBytes(StandardCharsets.UTF_8));
    return next;
  }

  /** Counts the keys of a prefix and writes the count: what a phantom makes wrong. */
  @Transaction
  public String count(Context context, String from, String to, String resultKey) throws Exception {
    int count = 0;
    try (QueryResultsIterator<KeyValue> found = context.getStub().getStateByRange(from, to)) {
      for (KeyValue _ : found) {
        count++;
      }
    }
    context.getStub().putStringState(resultKey, Integer.toString(count));
    return Integer.toString(count);
  }

  @Transaction
  public String fail(Context context, String message) {
    context.getStub().putStringState("never", message);
    throw new ChaincodeException(message, "a payload nobody sees");
  }

  @Transaction
  public String chance(Context context) {
    String value = Long.toString(System.nanoTime());
    context.getStub().putStringState("chance", value);
    return value;
  }

  @Transaction
  public String who(Context context) {
    return context.getClientIdentity().getMSPID()
        + "/"
        + context.getClientIdentity().getAttributeValue("hf.EnrollmentID")
        + "/"
        + context.getClientIdentity().getAttributeValue("odap.gateway");
  }
}
