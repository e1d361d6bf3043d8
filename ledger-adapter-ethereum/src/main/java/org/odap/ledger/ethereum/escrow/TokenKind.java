package org.odap.ledger.ethereum.escrow;

import java.util.stream.Stream;

/** Whether one unit of a token is like another; the numbers are the contract's. */
public enum TokenKind {
  NONE(0),
  UNIQUE(1),
  FUNGIBLE(2);

  private final int code;

  TokenKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static TokenKind of(int code) {
    return Stream.of(values()).filter(value -> value.code == code).findFirst().orElseThrow();
  }
}
