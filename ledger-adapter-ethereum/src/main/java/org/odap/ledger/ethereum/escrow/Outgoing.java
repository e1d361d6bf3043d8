package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.util.stream.Stream;
import org.odap.ledger.ethereum.chain.Address;

/**
 * The sender's side of a transfer, as the escrow records it. Block numbers are 0 where the step was
 * not done.
 */
public record Outgoing(
    State state,
    long epoch,
    long lockedBlock,
    long closedBlock,
    Address token,
    long locationBlock,
    Address owner,
    long expiryMillis,
    BigInteger idOrAmount,
    String agreementHash,
    String lockRef) {

  /** How far the transfer is; the numbers are the contract's. */
  public enum State {
    NONE(0),
    LOCKED(1),
    EXTINGUISHED(2),
    UNLOCKED(3);

    private final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      return Stream.of(values()).filter(value -> value.code == code).findFirst().orElseThrow();
    }
  }

  static final int WORDS = 12;

  static Outgoing read(Words words) {
    return new Outgoing(
        State.of(words.uint(0).intValueExact()),
        words.uint64(1),
        words.uint64(2),
        words.uint64(3),
        words.address(4),
        words.uint64(5),
        words.address(6),
        words.uint64(7),
        words.uint(8),
        words.word(9),
        words.word(10));
  }
}
