package org.odap.ledger.ethereum;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.odap.runtime.ledger.conformance.LedgerConformance;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/** The ledger contract on an Ethereum node that makes a block for every transaction. */
@Tag("CARD-5")
final class EthereumLedgerConformanceTest extends LedgerConformance {
  private static Anvil anvil;
  private static AnvilLedger ledger;

  @BeforeAll
  static void start() {
    anvil = Anvil.start();
    ledger = new AnvilLedger(anvil, AnvilLedger.Options.standard());
  }

  @AfterAll
  static void stop() {
    ledger.close();
    anvil.close();
  }

  @Override
  protected LedgerUnderTest ledger() {
    return ledger;
  }
}
