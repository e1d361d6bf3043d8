package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import org.odap.ledger.ethereum.chain.Address;

/** What a contract returned, as words of 32 bytes: all that static ABI types are made of. */
record Words(String hex) {
  private static final int WORD_DIGITS = 64;

  static Words of(String data) {
    return new Words(data.startsWith("0x") ? data.substring(2) : data);
  }

  int count() {
    return hex.length() / WORD_DIGITS;
  }

  String word(int index) {
    return hex.substring(index * WORD_DIGITS, (index + 1) * WORD_DIGITS);
  }

  BigInteger uint(int index) {
    return new BigInteger(word(index), 16);
  }

  long uint64(int index) {
    return uint(index).longValueExact();
  }

  Address address(int index) {
    return Address.ofHex("0x" + word(index).substring(WORD_DIGITS - 40));
  }

  boolean isZero(int index) {
    return uint(index).signum() == 0;
  }
}
