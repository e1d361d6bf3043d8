package org.odap.cli.system;

import java.util.List;

/**
 * The program in an adapter's jar that does transfer steps with the ledger's client library alone.
 *
 * @param arguments where the ledger is and whom to act as; how much to do comes after them
 */
record PlainClient(String mainClass, List<String> arguments) {
  PlainClient {
    arguments = List.copyOf(arguments);
  }
}
