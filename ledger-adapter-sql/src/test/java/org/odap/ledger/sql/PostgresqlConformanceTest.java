package org.odap.ledger.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.odap.runtime.ledger.conformance.LedgerConformance;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/** The ledger contract on a PostgreSQL server. */
@Tag("SD-1")
class PostgresqlConformanceTest extends LedgerConformance {
  private static EmbeddedPostgres server;
  private static PostgresqlLedgerUnderTest ledger;

  @BeforeAll
  static void open() throws IOException {
    server = EmbeddedPostgres.start();
    ledger = PostgresqlLedgerUnderTest.open(server);
  }

  @AfterAll
  static void close() throws IOException {
    ledger.database().close();
    server.close();
  }

  @Override
  protected LedgerUnderTest ledger() {
    return ledger;
  }
}
