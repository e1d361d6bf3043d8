package org.odap.ledger.ethereum.escrow;

import java.util.Optional;
import java.util.UUID;

/** A transfer's id, and how the escrow keys its record: the UUID's 16 bytes, then zeros. */
public record TransferId(UUID uuid) {

  /** The id, if spelled as the ledger contract has it: a UUID in lower case with hyphens. */
  public static Optional<TransferId> parse(String text) {
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equals(text) ? Optional.of(new TransferId(uuid)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The escrow's key, 64 hex digits. */
  public String word() {
    return uuid.toString().replace("-", "") + "0".repeat(32);
  }

  /** The key as an event's topic. */
  public String topic() {
    return "0x" + word();
  }

  /** The transfer a key stands for; empty where the key is not one of ours. */
  public static Optional<TransferId> ofTopic(String topic) {
    if (topic.length() != 66 || !topic.endsWith("0".repeat(32))) {
      return Optional.empty();
    }
    long high = Long.parseUnsignedLong(topic.substring(2, 18), 16);
    long low = Long.parseUnsignedLong(topic.substring(18, 34), 16);
    return Optional.of(new TransferId(new UUID(high, low)));
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
