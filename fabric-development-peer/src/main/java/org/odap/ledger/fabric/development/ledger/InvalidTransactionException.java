package org.odap.ledger.fabric.development.ledger;

import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** An envelope that can't become a valid transaction, with the flag it gets. */
final class InvalidTransactionException extends Exception {
  private static final long serialVersionUID = 1;

  private final TxValidationCode code;

  InvalidTransactionException(TxValidationCode code) {
    super(code.name());
    this.code = code;
  }

  TxValidationCode code() {
    return code;
  }
}
