package org.odap.ledger.sql.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/** The schema comes to be once, and an outage is told as one. */
@Tag("SD-1")
class DatabaseTest {
  private static final int REPLICAS = 8;

  @TempDir private Path folder;

  private static DatabaseConfig config(String jdbcUrl) {
    return new DatabaseConfig(jdbcUrl, Optional.empty(), Optional.empty(), 2);
  }

  private static int version(Database database) {
    return database.inTransaction(
        tx -> tx.first("SELECT COUNT(*) FROM schema_version", row -> row.getInt(1)).orElseThrow());
  }

  @Test
  @Tag("CARD-6")
  void replicasThatStartAtOnceMakeTheSchemaOnceAndNoticeAnOutage() throws Exception {
    List<Database> replicas = new ArrayList<>();
    try (EmbeddedPostgres server = EmbeddedPostgres.start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      DatabaseConfig config = config(server.getJdbcUrl("postgres", "postgres"));
      List<Future<Database>> starting = new ArrayList<>();
      for (int i = 0; i < REPLICAS; i++) {
        starting.add(threads.submit(() -> Database.open(config)));
      }
      for (Future<Database> replica : starting) {
        replicas.add(replica.get());
      }
      assertThat(replicas).allSatisfy(replica -> assertThat(version(replica)).isEqualTo(2));
    }
    try {
      Database cutOff = replicas.getFirst();
      assertThat(cutOff.isReachable()).isFalse();
      assertThatThrownBy(() -> version(cutOff))
          .isInstanceOfSatisfying(
              OdapException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE));
    } finally {
      replicas.forEach(Database::close);
    }
  }

  /** The pool exchanges each of them now and then. */
  @Test
  @Tag("OURS-8")
  void checksHoldWhenAllConnectionsOfTheStartAreGone() throws IOException {
    DatabaseConfig memory = config("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (Database database = Database.open(memory)) {
      assertChecksHold(database, "new");
    }
    DatabaseConfig file = config("jdbc:h2:file:" + folder.resolve("ledger"));
    try (Database database = Database.open(file)) {
      assertChecksHold(database, "new");
    }
    try (Database database = Database.open(file)) {
      assertChecksHold(database, "opened again");
    }
  }

  private static void assertChecksHold(Database database, String name) {
    insert(database, name + " before", "UNIQUE");
    database.renewConnections();
    insert(database, name + " after", "FUNGIBLE");
    assertThatThrownBy(() -> insert(database, name + " wrong", "BOTH"))
        .cause()
        .hasMessageContaining("Check constraint violation");
  }

  private static void insert(Database database, String name, String kind) {
    int _ =
        database.inTransaction(
            tx -> tx.update("INSERT INTO asset_class VALUES (?, ?)", name, kind));
  }

  @Test
  void aNewerSchemaIsRefused() throws IOException {
    DatabaseConfig config = config("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (Database database = Database.open(config)) {
      int _ = database.inTransaction(tx -> tx.update("INSERT INTO schema_version VALUES (99)"));
    }

    assertThatThrownBy(() -> Database.open(config))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("schema version: value: 99 (expected: at most 2)");
  }

  @Test
  void anUnreachableDatabaseIsSaidToBe() {
    assertThatThrownBy(() -> Database.open(config("jdbc:postgresql://127.0.0.1:1/none")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the database can't be opened: ");
  }

  @Test
  void workThatFailsLeavesNothing() throws IOException {
    try (Database database =
        Database.open(config("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"))) {
      assertThatThrownBy(() ->
              database.inTransaction(tx -> {
                tx.update("INSERT INTO asset_class VALUES ('x', 'UNIQUE')");
                throw new RefusedException(ErrorReason.ERROR_REASON_LEDGER_REFUSED, "not now");
              }))
          .isInstanceOf(RefusedException.class);
      int left =
          database.inTransaction(tx ->
              tx.first("SELECT COUNT(*) FROM asset_class", row -> row.getInt(1)).orElseThrow());
      assertThat(left).isZero();
    }
  }
}
