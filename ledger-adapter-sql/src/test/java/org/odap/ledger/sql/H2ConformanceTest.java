package org.odap.ledger.sql;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.odap.runtime.ledger.conformance.LedgerConformance;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/** The ledger contract on H2, embedded. */
@Tag("SD-1")
class H2ConformanceTest extends LedgerConformance {
  private static H2LedgerUnderTest ledger;

  @BeforeAll
  static void open() throws IOException {
    ledger = H2LedgerUnderTest.open();
  }

  @AfterAll
  static void close() {
    ledger.database().close();
  }

  @Override
  protected LedgerUnderTest ledger() {
    return ledger;
  }
}
