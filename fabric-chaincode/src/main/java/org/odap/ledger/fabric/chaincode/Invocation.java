package org.odap.ledger.fabric.chaincode;

import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** One call of the chaincode: who calls, on which state, at what time. */
final class Invocation extends Context {
  private final WorldState state;
  private final Identities identities;
  private final AssetClasses classes;
  private final Holdings holdings;
  private final EndorserClock endorserClock;

  Invocation(ChaincodeStub stub, EndorserClock endorserClock) {
    super(stub);
    this.state = new WorldState(stub);
    this.identities = new Identities(state, new Caller(getClientIdentity()));
    this.classes = new AssetClasses(state, identities);
    this.holdings = new Holdings(state, stub);
    this.endorserClock = endorserClock;
  }

  WorldState state() {
    return state;
  }

  Identities identities() {
    return identities;
  }

  Caller caller() {
    return identities.caller();
  }

  AssetClasses classes() {
    return classes;
  }

  Holdings holdings() {
    return holdings;
  }

  EndorserClock endorserClock() {
    return endorserClock;
  }

  /** The transaction's timestamp, UNIX milliseconds: the client's claim. */
  long claimedMillis() {
    try {
      return getStub().getTxTimestamp().toEpochMilli();
    } catch (ArithmeticException e) {
      throw Refusals.refused(
          Reason.FIELD_INVALID,
          "the transaction's timestamp has more milliseconds than a number of 64 bits can say");
    }
  }

  String transactionId() {
    return getStub().getTxId();
  }

  /** The one event of this transaction; peers pass it on once the transaction is committed. */
  void emit(String name, Object payload) {
    getStub().setEvent(name, Json.bytes(payload));
  }
}
