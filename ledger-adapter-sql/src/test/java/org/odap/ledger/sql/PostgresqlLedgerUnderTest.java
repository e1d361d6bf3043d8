package org.odap.ledger.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.DatabaseConfig;
import org.odap.ledger.sql.database.Transaction;

/** A ledger in a PostgreSQL server of its own. */
final class PostgresqlLedgerUnderTest extends SqlLedgerUnderTest {
  private long ahead;

  private PostgresqlLedgerUnderTest(Database database) {
    super(database);
  }

  static PostgresqlLedgerUnderTest open(EmbeddedPostgres server) throws IOException {
    return new PostgresqlLedgerUnderTest(
        Database.open(
            new DatabaseConfig(
                server.getJdbcUrl("postgres", "postgres"), Optional.empty(), Optional.empty(), 8)));
  }

  @Override
  void setClockAhead(Transaction tx, long millis) throws SQLException {
    ahead += millis;
    tx.update(
        "CREATE OR REPLACE FUNCTION ledger_millis() RETURNS BIGINT LANGUAGE SQL VOLATILE AS"
            + " 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::BIGINT + "
            + ahead
            + "'");
  }
}
