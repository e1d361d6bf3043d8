package org.odap.ledger.fabric;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.odap.runtime.ledger.conformance.LedgerConformance;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/** The ledger contract on a development peer with the real chaincode. */
@Tag("CARD-5")
final class FabricLedgerConformanceTest extends LedgerConformance {
  private static DevelopmentChannel channel;
  private static ChannelLedger ledger;

  @BeforeAll
  static void start() {
    channel = DevelopmentChannel.start();
    ledger = new ChannelLedger(channel.file(), ChannelLedger.Options.standard());
  }

  @AfterAll
  static void stop() {
    ledger.close();
    channel.close();
  }

  @Override
  protected LedgerUnderTest ledger() {
    return ledger;
  }
}
