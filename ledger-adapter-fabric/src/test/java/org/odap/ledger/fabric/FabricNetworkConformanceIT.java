package org.odap.ledger.fabric;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.odap.runtime.ledger.conformance.LedgerConformance;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/**
 * The ledger contract on a real Fabric network, all steps of transfers and their evidence included.
 * Which one, a file says; see the module's README.
 */
@Tag("CARD-5")
@EnabledIfEnvironmentVariable(named = NetworkFile.VARIABLE, matches = ".+")
final class FabricNetworkConformanceIT extends LedgerConformance {
  private static ChannelLedger ledger;

  @BeforeAll
  static void start() {
    ledger = new ChannelLedger(NetworkFile.ofEnvironment(), ChannelLedger.Options.standard());
  }

  @AfterAll
  static void stop() {
    ledger.close();
  }

  @Override
  protected LedgerUnderTest ledger() {
    return ledger;
  }
}
