package org.odap.ledger.ethereum.escrow;

import java.util.stream.Stream;

/**
 * What becomes of extinguished units: burned, or kept by the escrow; the numbers are the
 * contract's.
 */
public enum Retirement {
  BURN(0),
  VAULT(1);

  private final int code;

  Retirement(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Retirement of(int code) {
    return Stream.of(values()).filter(value -> value.code == code).findFirst().orElseThrow();
  }
}
