package org.odap.ledger.fabric.development.ledger;

import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Where a transaction id stands first in the chain, and what became of it there. */
public record TransactionPlace(long block, int index, TxValidationCode code) {}
