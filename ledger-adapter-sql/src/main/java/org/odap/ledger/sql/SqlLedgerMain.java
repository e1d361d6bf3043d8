package org.odap.ledger.sql;

import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.journal.JournalReader;
import org.odap.runtime.ledger.LedgerServiceEndpoint;
import org.odap.runtime.ledger.References;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQL ledger's adapter as a program. */
public final class SqlLedgerMain {
  private static final String CHECK_JOURNAL = "--check-journal";
  private static final Logger log = LoggerFactory.getLogger(SqlLedgerMain.class);

  private SqlLedgerMain() {}

  /** The service, for programs that run it in their own JVM. */
  public static ServiceMain<SqlLedgerConfig> service() {
    return ServiceMain.of("ledger-sql", SqlLedgerConfig.class, SqlLedgerMain::wire)
        .flag(CHECK_JOURNAL, "read the whole journal first; don't start if it was tampered with");
  }

  /** {@code --config <file.yaml> [--validate-config] [--check-journal]}. */
  public static void main(String... args) {
    service().run(args);
  }

  private static void wire(SqlLedgerConfig config, ServiceAssembly service) throws Exception {
    Database database = Database.open(config.database());
    service.add(new DatabaseWatch(database, service.health().condition("database")));
    if (service.hasFlag(CHECK_JOURNAL)) {
      long entries = database.inTransaction(JournalReader::audit);
      log.atInfo().addKeyValue("entries", entries).log("journal is whole");
    }
    SqlLedger ledger =
        new SqlLedger(config.dltSystem(), database, config.implicitConsent(), service.metrics());
    config.assetClasses().forEach(assetClass -> open(ledger, assetClass));
    service.serve(new LedgerServiceEndpoint(ledger));
  }

  private static void open(SqlLedger ledger, SqlLedgerConfig.AssetClassConfig assetClass) {
    // The same request at each start and from each replica: it is done once.
    StepOutcome outcome =
        ledger.write(
            WriteRequest.newBuilder()
                .setRequestId("configured:" + References.to(assetClass.name()))
                .setLocation("classes/" + assetClass.name())
                .setValue("{\"kind\":\"" + assetClass.kind() + "\"}")
                .build());
    if (outcome.getState() != SubmissionState.SUBMISSION_STATE_DONE) {
      throw new IllegalStateException(
          "asset-classes: " + assetClass.name() + ": " + outcome.getDescription());
    }
  }
}
