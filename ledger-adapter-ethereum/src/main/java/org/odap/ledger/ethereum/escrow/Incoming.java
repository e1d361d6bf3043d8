package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.util.stream.Stream;
import org.odap.ledger.ethereum.chain.Address;

/**
 * The recipient's side of a transfer, as the escrow records it. Block numbers are 0 where the step
 * was not done.
 */
public record Incoming(
    State state,
    long epoch,
    long announcedBlock,
    long closedBlock,
    Address token,
    Address beneficiary,
    BigInteger idOrAmount,
    String agreementHash,
    String commitFinalHash,
    String announcementRef) {

  /** How far the transfer is; the numbers are the contract's. */
  public enum State {
    NONE(0),
    ANNOUNCED(1),
    CREATED(2),
    WITHDRAWN(3);

    private final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      return Stream.of(values()).filter(value -> value.code == code).findFirst().orElseThrow();
    }
  }

  static Incoming read(Words words) {
    int first = Outgoing.WORDS;
    return new Incoming(
        State.of(words.uint(first).intValueExact()),
        words.uint64(first + 1),
        words.uint64(first + 2),
        words.uint64(first + 3),
        words.address(first + 4),
        words.address(first + 5),
        words.uint(first + 6),
        words.word(first + 7),
        words.word(first + 8),
        words.word(first + 9));
  }
}
