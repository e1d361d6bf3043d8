package org.odap.ledger.fabric.network;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A call of a chaincode's function; a contract's name, where there are several, is before it. */
public record Invocation(String chaincode, String function, List<String> arguments) {
  public Invocation {
    arguments = List.copyOf(arguments);
  }

  /** A call with these arguments. */
  public static Invocation of(String chaincode, String function, String... arguments) {
    return new Invocation(chaincode, function, List.of(arguments));
  }

  byte[][] argumentBytes() {
    return arguments.stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }
}
