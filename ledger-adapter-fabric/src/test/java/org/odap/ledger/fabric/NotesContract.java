package org.odap.ledger.fabric;

import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;

/** Somebody's chaincode that knows nothing of requests, transfers or reasons. */
@Contract(name = "notes")
@Default
public final class NotesContract implements ContractInterface {
  @Transaction(name = "put", intent = Transaction.TYPE.SUBMIT)
  public String put(Context call, String key, String value) {
    call.getStub().putStringState(key, value);
    return value;
  }

  @Transaction(name = "get", intent = Transaction.TYPE.EVALUATE)
  public String get(Context call, String key) {
    return call.getStub().getStringState(key);
  }

  /** What must not be done twice. */
  @Transaction(name = "increment", intent = Transaction.TYPE.SUBMIT)
  public String increment(Context call, String key) {
    String before = call.getStub().getStringState(key);
    String after = Long.toString(before.isEmpty() ? 1 : Long.parseLong(before) + 1);
    call.getStub().putStringState(key, after);
    return after;
  }

  @Transaction(name = "refuse", intent = Transaction.TYPE.SUBMIT)
  public String refuse(Context call) {
    if (call.getStub().getStringState("consent").isEmpty()) {
      throw new ChaincodeException("not today");
    }
    return "";
  }
}
