package org.odap.ledger.ethereum.escrow;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/** The event each transfer step leaves in the chain's log. Topic 1 is always the transfer. */
public final class EscrowEvents {
  private static final Map<LedgerStep, String> SIGNATURES = new EnumMap<>(LedgerStep.class);
  private static final Map<LedgerStep, String> TOPICS = new EnumMap<>(LedgerStep.class);

  static {
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_LOCK,
        "Locked(bytes32,address,address,uint256,uint64,bytes32,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_UNLOCK, "Unlocked(bytes32,address,address,uint256,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
        "LockFinalized(bytes32,address,address,uint256,bytes32,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_LOG_INCOMING,
        "IncomingLogged(bytes32,address,address,uint256,bytes32,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_CREATE,
        "CreatedFromTransfer(bytes32,address,address,uint256,bytes32,bytes32,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_WITHDRAW,
        "IncomingWithdrawn(bytes32,address,address,uint256,uint64)");
    SIGNATURES.put(
        LedgerStep.LEDGER_STEP_RECORD_LOCATION,
        "LocationRecorded(bytes32,string,string,uint64,bytes32,uint64)");
    SIGNATURES.forEach((step, signature) -> TOPICS.put(step, topicOf(signature)));
  }

  private EscrowEvents() {}

  /** Topic 0 of a step's event. */
  public static String topic(LedgerStep step) {
    return TOPICS.get(step);
  }

  /** The event's name in the contract. */
  public static String name(LedgerStep step) {
    String signature = SIGNATURES.get(step);
    return signature.substring(0, signature.indexOf('('));
  }

  /** The step that leaves events with this topic 0. */
  public static Optional<LedgerStep> stepOf(String topic) {
    return TOPICS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(topic))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The reference a step's event carries (ARCH-1), 64 hex digits; empty for giving up. */
  public static String reference(LedgerStep step, String data) {
    Words words = Words.of(data);
    return switch (step) {
      case LEDGER_STEP_LOCK -> words.word(2);
      case LEDGER_STEP_FINALIZE_LOCK, LEDGER_STEP_LOG_INCOMING -> words.word(1);
      case LEDGER_STEP_CREATE -> words.word(2);
      // The two strings before it stand in the head as offsets.
      case LEDGER_STEP_RECORD_LOCATION -> words.word(3);
      default -> "";
    };
  }

  /** Topic 0 of an event with this signature. */
  public static String topicOf(String signature) {
    return Numeric.toHexString(Hash.sha3(signature.getBytes(StandardCharsets.US_ASCII)));
  }
}
