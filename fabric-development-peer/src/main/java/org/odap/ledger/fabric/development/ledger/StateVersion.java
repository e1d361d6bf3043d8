package org.odap.ledger.fabric.development.ledger;

import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;

/** Where a value was written last: the transaction's place in the chain. */
public record StateVersion(long block, long transaction) {

  public Version toProto() {
    return Version.newBuilder().setBlockNum(block).setTxNum(transaction).build();
  }
}
