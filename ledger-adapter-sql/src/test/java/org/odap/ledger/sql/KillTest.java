package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.journal.JournalReader;

/**
 * An adapter killed in the middle of its work: what it answered is there, and nothing by halves.
 */
@Tag("CARD-6")
@Timeout(120)
class KillTest {
  private static final int STEPS = 40;
  private static final int UNITS = 1_000_000;

  @TempDir Path folder;

  @Test
  @Tag("SD-1")
  void onH2() throws Exception {
    killAndLook("jdbc:h2:file:" + folder.resolve("ledger"));
  }

  @Test
  @Tag("SD-1")
  void onPostgresql() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
      killAndLook(server.getJdbcUrl("postgres", "postgres"));
    }
  }

  private static void killAndLook(String jdbcUrl) throws Exception {
    try (Database database = Database.open(KillTarget.database(jdbcUrl))) {
      issue(new SqlLedger("register", database, true, new SimpleMeterRegistry()));
    }
    List<String> answered = runAndKill(jdbcUrl);

    try (Database database = Database.open(KillTarget.database(jdbcUrl))) {
      SqlLedger ledger = new SqlLedger("register", database, true, new SimpleMeterRegistry());
      for (String line : answered) {
        String[] parts = line.split(" ", 2);
        GetStepRequest question =
            GetStepRequest.newBuilder()
                .setTransferId(parts[0])
                .setStep(LedgerStep.LEDGER_STEP_LOCK)
                .build();
        assertThat(ledger.getStep(question).getOutcome().getClaim().getTransactionId())
            .isEqualTo(parts[1]);
      }
      long entries = database.inTransaction(JournalReader::audit);
      long locks = number(database, "SELECT COUNT(*) FROM transfer_record").longValueExact();
      // One class, one issue, and a lock each.
      assertThat(entries).isEqualTo(2 + locks);
      assertThat(locks).isGreaterThanOrEqualTo(answered.size());
      assertThat(number(database, "SELECT locked FROM balance")).isEqualTo(locks);
      assertThat(number(database, "SELECT available + locked FROM balance")).isEqualTo(UNITS);
    }
  }

  private static void issue(SqlLedger ledger) {
    SqlLedgerUnderTest.done(
        ledger.write(
            WriteRequest.newBuilder()
                .setRequestId("class")
                .setLocation("classes/cash")
                .setValue("{\"kind\":\"FUNGIBLE\"}")
                .build()));
    SqlLedgerUnderTest.done(
        ledger.create(
            CreateRequest.newBuilder()
                .setRequestId("issue")
                .setAsset(KillTarget.unit().toBuilder().setAmount(Integer.toString(UNITS)))
                .setOwner(KillTarget.OWNER)
                .build()));
  }

  private static List<String> runAndKill(String jdbcUrl) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillTarget.class.getName(),
                jdbcUrl)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> answered = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      while (answered.size() < STEPS) {
        String line = lines.readLine();
        assertThat(line).as("the process goes on").isNotNull();
        answered.add(line);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return answered;
  }

  private static BigInteger number(Database database, String sql) {
    return database.inTransaction(
        tx -> tx.first(sql, row -> row.getBigDecimal(1).toBigInteger()).orElseThrow());
  }
}
