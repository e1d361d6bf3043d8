package org.odap.ledger.sql.database;

import java.util.Map;
import java.util.Optional;

/** The databases this ledger runs on. Their SQL is the same but for what stands here. */
enum Dialect {
  /** Embedded, for development, tests and small registers. */
  H2("jdbc:h2:", "h2", "SET LOCK_TIMEOUT 10000", Optional.empty()),
  /** For everything else. */
  POSTGRESQL(
      "jdbc:postgresql:",
      "postgresql",
      "SET lock_timeout = '10s'",
      Optional.of("SELECT pg_advisory_xact_lock(hashtextextended('odap schema', 0))"));

  private final String urlPrefix;
  private final String fileSuffix;
  private final String connectionSetup;
  private final Optional<String> migrationLock;

  Dialect(
      String urlPrefix, String fileSuffix, String connectionSetup, Optional<String> migrationLock) {
    this.urlPrefix = urlPrefix;
    this.fileSuffix = fileSuffix;
    this.connectionSetup = connectionSetup;
    this.migrationLock = migrationLock;
  }

  static Dialect of(String jdbcUrl) {
    for (Dialect dialect : values()) {
      if (jdbcUrl.startsWith(dialect.urlPrefix)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "value: another database (expected: jdbc:h2: or jdbc:postgresql:)");
  }

  /** What the names of its own migration files carry. */
  String fileSuffix() {
    return fileSuffix;
  }

  /** Said on each new connection: a wait for a row that takes longer is given up and retried. */
  String connectionSetup() {
    return connectionSetup;
  }

  /** What the driver is told beside the URL. */
  Map<String, String> driverProperties() {
    return switch (this) {
      // Parsed statements kept by a connection: more than we have, 8 unless told. And what is
      // committed is in the file, not half a second later: a step that is answered is final.
      case H2 -> Map.of("QUERY_CACHE_SIZE", "64", "WRITE_DELAY", "0");
      case POSTGRESQL -> Map.of();
    };
  }

  /**
   * Whether a constraint works only as long as the connection that made it is open. One that H2 has
   * read from a file works as long as the file is open.
   */
  boolean schemaLivesWithItsFounder() {
    return this == H2;
  }

  /**
   * A query that keeps replicas that start at once from changing the schema together, until the
   * transaction ends; embedded, none do. Not a lock on a table: two that make the same table at
   * once fail, even with IF NOT EXISTS.
   */
  Optional<String> migrationLock() {
    return migrationLock;
  }
}
