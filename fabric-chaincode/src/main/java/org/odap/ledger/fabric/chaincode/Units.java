package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;

/**
 * An amount of a fungible class.
 *
 * @param lockExpiry UNIX milliseconds while locked, else 0
 */
record Units(BigInteger amount, long lockExpiry) {
  Units(BigInteger amount) {
    this(amount, 0);
  }
}
