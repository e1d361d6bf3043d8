package org.odap.ledger.sql.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.grpc.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions. Work is isolated by the rows it locks and checked by the schema's constraints;
 * where two transactions get in each other's way (deadlock, same key, a wait too long), one is
 * undone and run again: work must have no effect outside of its transaction.
 */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** More attempts than transactions that can wait for one another in a row of a busy ledger. */
  private static final int ATTEMPTS_MAX = 50;

  private static final Duration RETRY_PAUSE_MAX = Duration.ofMillis(20);
  private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);

  private final HikariDataSource connections;
  private final Dialect dialect;
  private final LongAdder retries = new LongAdder();

  /** The one that made the schema, where that lives with it. */
  private Optional<Database> founder = Optional.empty();

  private Database(HikariConfig pool, Dialect dialect) {
    this.connections = new HikariDataSource(pool);
    this.dialect = dialect;
  }

  /** What happens in a transaction. */
  public interface Work<T> {
    /** Done once or, after a conflict, again from the start. */
    T in(Transaction transaction) throws SQLException;
  }

  /** Connects and brings the schema up to date. */
  public static Database open(DatabaseConfig config) throws IOException {
    Dialect dialect = Dialect.of(config.jdbcUrl());
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("ledger");
    pool.setJdbcUrl(config.jdbcUrl());
    config.user().ifPresent(pool::setUsername);
    if (config.passwordFile().isPresent()) {
      pool.setPassword(secret(config.passwordFile().get()));
    }
    pool.setMaximumPoolSize(config.connectionsMax());
    pool.setAutoCommit(false);
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    dialect.driverProperties().forEach(pool::addDataSourceProperty);
    pool.setConnectionInitSql(dialect.connectionSetup());
    pool.setConnectionTimeout(CONNECT_WAIT.toMillis());
    try {
      Database founder = founder(pool, dialect);
      Database database;
      try {
        database = new Database(pool, dialect);
      } catch (RuntimeException e) {
        founder.close();
        throw e;
      }
      if (dialect.schemaLivesWithItsFounder()) {
        database.founder = Optional.of(founder);
      } else {
        founder.close();
      }
      return database;
    } catch (RuntimeException e) {
      throw new IOException("the database can't be opened: " + rootMessage(e), e);
    }
  }

  /** One connection, never exchanged, over which the schema was brought up to date. */
  private static Database founder(HikariConfig pool, Dialect dialect) {
    HikariConfig alone = new HikariConfig();
    pool.copyStateTo(alone);
    alone.setPoolName(pool.getPoolName() + "-schema");
    alone.setMaximumPoolSize(1);
    alone.setMaxLifetime(0);
    Database founder = new Database(alone, dialect);
    try {
      new Migrations(founder).run();
      return founder;
    } catch (RuntimeException e) {
      founder.close();
      throw e;
    }
  }

  /** Does the work and commits; undoes it when the work throws. */
  public <T> T inTransaction(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (!isConflict(e) || attempt == ATTEMPTS_MAX || Context.current().isCancelled()) {
          throw isConflict(e) || isUnreachable(e) ? unavailable(e) : broken(e);
        }
        retries.increment();
        log.atDebug().addKeyValue("attempt", attempt).setCause(e).log("transaction is run again");
        pauseBeforeRetry(attempt);
      }
    }
  }

  /** How often a transaction had to be run again so far. */
  public long retries() {
    return retries.sum();
  }

  /** Whether the database answers. */
  public boolean isReachable() {
    try (Connection connection = connections.getConnection()) {
      return connection.isValid((int) CONNECT_WAIT.toSeconds());
    } catch (SQLException e) {
      return false;
    }
  }

  /** Has every connection made anew before it is used again, as each is after half an hour. */
  void renewConnections() {
    connections.getHikariPoolMXBean().softEvictConnections();
  }

  @Override
  public void close() {
    connections.close();
    founder.ifPresent(Database::close);
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      T result;
      try {
        result = work.in(new Transaction(connection));
      } catch (SQLException | RuntimeException e) {
        undo(connection, e);
        throw e;
      }
      commit(connection);
      return result;
    }
  }

  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (isConflict(e)) {
        throw e;
      }
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN, "connection lost while committing", e);
    }
  }

  private static void undo(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and the transaction with it.
      cause.addSuppressed(e);
    }
  }

  /**
   * Someone else was faster: the same work may succeed, or be refused for a clear reason, next
   * time.
   */
  private static boolean isConflict(SQLException e) {
    String state = e.getSQLState();
    if (state == null) {
      return false;
    }
    return switch (state) {
      // Serialization failure, deadlock, unique key, lock not available; H2: concurrent update,
      // lock timeout.
      case "40001", "40P01", "23505", "55P03", "90131", "HYT00" -> true;
      default -> false;
    };
  }

  private static boolean isUnreachable(SQLException e) {
    String state = e.getSQLState();
    return e instanceof SQLTransientConnectionException
        || state == null
        // Connection exceptions, shutdown and start-up of the server, too many connections,
        // database closed.
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.startsWith("9012")
        || state.startsWith("9006")
        || state.startsWith("9009");
  }

  private static OdapException unavailable(SQLException e) {
    return new OdapException(
        ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, "the database does not answer", e);
  }

  private static IllegalStateException broken(SQLException e) {
    return new IllegalStateException("the database refused a statement", e);
  }

  private static void pauseBeforeRetry(int attempt) {
    long longest = Math.min(RETRY_PAUSE_MAX.toNanos(), 100_000L << Math.min(attempt, 20));
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
  }

  private static String secret(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  Dialect dialect() {
    return dialect;
  }
}
