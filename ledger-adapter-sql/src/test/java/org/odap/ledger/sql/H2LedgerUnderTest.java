package org.odap.ledger.sql;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.DatabaseConfig;
import org.odap.ledger.sql.database.Transaction;

/** A ledger in the memory of the test. */
final class H2LedgerUnderTest extends SqlLedgerUnderTest {
  private H2LedgerUnderTest(Database database) {
    super(database);
    int _ =
        database.inTransaction(tx -> {
          tx.update("DROP ALIAS ledger_millis");
          return tx.update(
              "CREATE ALIAS ledger_millis FOR \"" + TestClock.class.getName() + ".millis\"");
        });
  }

  static H2LedgerUnderTest open() throws IOException {
    return new H2LedgerUnderTest(
        Database.open(
            new DatabaseConfig(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                Optional.empty(),
                Optional.empty(),
                8)));
  }

  @Override
  void setClockAhead(Transaction tx, long millis) throws SQLException {
    TestClock.ahead(millis);
  }
}
