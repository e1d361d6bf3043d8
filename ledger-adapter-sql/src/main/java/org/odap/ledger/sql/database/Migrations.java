package org.odap.ledger.sql.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Brings the schema to the version of this program: numbered SQL files, each run once. */
final class Migrations {
  private record Migration(int version, String file) {}

  private final Database database;
  private final List<Migration> migrations;

  Migrations(Database database) {
    this.database = database;
    this.migrations =
        List.of(
            new Migration(1, "1-clock." + database.dialect().fileSuffix() + ".sql"),
            new Migration(2, "2-ledger.sql"));
  }

  /** Refuses a schema newer than this program. Replicas that start at once wait for one another. */
  void run() {
    int _ = database.inTransaction(this::makeVersionTable);
    int newest = migrations.getLast().version();
    int found = database.inTransaction(Migrations::version);
    if (found > newest) {
      throw new IllegalStateException(
          "schema version: value: " + found + " (expected: at most " + newest + ")");
    }
    for (Migration migration : migrations) {
      database.inTransaction(tx -> runOnce(tx, migration));
    }
  }

  private int makeVersionTable(Transaction tx) throws SQLException {
    waitForOthers(tx);
    return tx.update("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
  }

  private void waitForOthers(Transaction tx) throws SQLException {
    if (database.dialect().migrationLock().isPresent()) {
      boolean _ = tx.first(database.dialect().migrationLock().get(), row -> true).isPresent();
    }
  }

  private static int version(Transaction tx) throws SQLException {
    Optional<Integer> version =
        tx.first("SELECT COALESCE(MAX(version), 0) FROM schema_version", row -> row.getInt(1));
    return version.orElse(0);
  }

  /**
   * The row comes last: H2 commits at each definition, and a schema half made must not look whole.
   */
  private boolean runOnce(Transaction tx, Migration migration) throws SQLException {
    waitForOthers(tx);
    if (version(tx) >= migration.version()) {
      return false;
    }
    for (String statement : statements(migration.file())) {
      tx.update(statement);
    }
    tx.update("INSERT INTO schema_version VALUES (?)", migration.version());
    return true;
  }

  private static List<String> statements(String file) {
    try (InputStream in = Migrations.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("not in this program: " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String code = text.replaceAll("(?m)^\\s*--.*$", "");
      // None of the files has a semicolon but at the end of a statement.
      return List.of(code.split(";")).stream()
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
