package org.odap.ledger.sql;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.sql.action.LedgerReader;
import org.odap.ledger.sql.action.OperatorActions;
import org.odap.ledger.sql.asset.AssetClasses;
import org.odap.ledger.sql.asset.Holdings;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.instruction.Instructions;
import org.odap.ledger.sql.journal.Journal;
import org.odap.ledger.sql.journal.JournalEntry;
import org.odap.ledger.sql.journal.JournalReader;
import org.odap.ledger.sql.journal.SqlEvidence;
import org.odap.ledger.sql.step.RecipientSteps;
import org.odap.ledger.sql.step.SenderSteps;
import org.odap.ledger.sql.step.StepReader;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/**
 * A SQL database as a ledger (SD-1): each step is one transaction, final when it is committed. The
 * tables are the ledger, the journal its blocks.
 */
public final class SqlLedger implements LedgerAdapter {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final int EVENTS_AT_ONCE = 256;

  private final String dltSystem;
  private final Database database;
  private final SenderSteps sender;
  private final RecipientSteps recipient;
  private final OperatorActions operator;
  private final Instructions instructions;
  private final SqlLedgerMetrics metrics;

  /**
   * The ledger in a database.
   *
   * @param isConsentImplicit owners need not approve that gateways lock what they hold
   */
  public SqlLedger(
      String dltSystem, Database database, boolean isConsentImplicit, MeterRegistry meters) {
    AssetClasses classes = new AssetClasses();
    Holdings holdings = new Holdings(isConsentImplicit);
    this.dltSystem = dltSystem;
    this.database = database;
    this.sender = new SenderSteps(dltSystem, classes, holdings);
    this.recipient = new RecipientSteps(dltSystem, classes, holdings);
    this.instructions = new Instructions(dltSystem, classes, holdings, sender);
    this.metrics = new SqlLedgerMetrics(meters, database);
    this.operator = new OperatorActions(dltSystem, classes, holdings, sender);
  }

  @Override
  public DescribeResponse describe() {
    long now =
        database.inTransaction(tx ->
            tx.first(
                    "SELECT ledger_millis() FROM journal_head WHERE one = 1", row -> row.getLong(1))
                .orElseThrow());
    return DescribeResponse.newBuilder()
        .setDltSystem(dltSystem)
        .setLedgerKind("sql")
        .addAllCapabilities(
            List.of(
                "CREATE",
                "WRITE",
                "LOCK",
                "UNLOCK",
                "SUBSCRIBE",
                "DESTROY",
                "READ",
                "NATIVE_TXN",
                "UNIQUE",
                "FUNGIBLE",
                "TRANSFER_STEPS"))
        .setFinalityRule(SqlEvidence.FINALITY_RULE)
        .addEvidenceFormats(SqlEvidence.FORMAT)
        .addVerifiableFormats(SqlEvidence.FORMAT)
        .setLedgerTime(now)
        .build();
  }

  @Override
  public StepOutcome lock(LockRequest request) {
    return outcome("lock", tx -> sender.lock(tx, request));
  }

  @Override
  public StepOutcome unlock(UnlockRequest request) {
    return outcome("unlock", tx -> sender.unlock(tx, request));
  }

  @Override
  public StepOutcome finalizeLock(FinalizeLockRequest request) {
    return outcome("finalizeLock", tx -> sender.finalizeLock(tx, request));
  }

  @Override
  public StepOutcome recordLocation(RecordLocationRequest request) {
    return outcome("recordLocation", tx -> sender.recordLocation(tx, request));
  }

  @Override
  public StepOutcome logIncoming(LogIncomingRequest request) {
    return outcome("logIncoming", tx -> recipient.logIncoming(tx, request));
  }

  @Override
  public StepOutcome createFromTransfer(CreateFromTransferRequest request) {
    return outcome("createFromTransfer", tx -> recipient.create(tx, request));
  }

  @Override
  public StepOutcome withdrawIncoming(WithdrawIncomingRequest request) {
    return outcome("withdrawIncoming", tx -> recipient.withdraw(tx, request));
  }

  @Override
  public GetStepResponse getStep(GetStepRequest request) {
    return database.inTransaction(tx -> StepReader.read(tx, request));
  }

  @Override
  public List<String> verifyEvidence(LedgerClaim claim) {
    if (!claim.getProofFormat().equals(SqlEvidence.FORMAT)) {
      throw unsupported("VerifyEvidence of " + claim.getProofFormat());
    }
    return claim.getDltSystem().equals(dltSystem)
        ? database.inTransaction(tx -> JournalReader.verifyOwn(tx, claim))
        : JournalReader.verifyForeign(claim);
  }

  @Override
  public ReadResponse read(ReadRequest request) {
    return database.inTransaction(tx -> LedgerReader.read(tx, request));
  }

  @Override
  public StepOutcome create(CreateRequest request) {
    return outcome("create", tx -> operator.create(tx, request));
  }

  @Override
  public StepOutcome write(WriteRequest request) {
    return outcome("write", tx -> operator.write(tx, request));
  }

  @Override
  public InvokeResponse invoke(InvokeRequest request) {
    throw unsupported("INVOKE");
  }

  @Override
  public StepOutcome destroy(DestroyRequest request) {
    return outcome("destroy", tx -> operator.destroy(tx, request));
  }

  @Override
  public StepOutcome submitNative(ByteString transaction) {
    return outcome("submitNative", tx -> instructions.submit(tx, transaction));
  }

  @Override
  public void subscribe(SubscribeRequest request, LedgerSubscriber subscriber) {
    long seen = request.getCursor().isEmpty() ? journalLength() : number(request.getCursor());
    do {
      List<JournalEntry> news;
      do {
        long last = seen;
        news = database.inTransaction(tx -> Journal.after(tx, last, EVENTS_AT_ONCE));
        for (JournalEntry entry : news) {
          if (JournalReader.isAbout(entry, request.getLocation())
              && !subscriber.send(JournalReader.event(entry))) {
            return;
          }
          seen = entry.number();
        }
      } while (news.size() == EVENTS_AT_ONCE);
    } while (subscriber.pause(POLL_INTERVAL));
  }

  private long journalLength() {
    return database.inTransaction(Journal::length);
  }

  private static long number(String cursor) {
    try {
      return Long.parseUnsignedLong(cursor);
    } catch (NumberFormatException e) {
      throw OdapException.fieldInvalid("cursor", cursor, "a cursor of this ledger");
    }
  }

  private StepOutcome outcome(String action, Database.Work<LedgerClaim> work) {
    StepOutcome outcome = tried(work);
    metrics.count(action, outcome);
    return outcome;
  }

  private StepOutcome tried(Database.Work<LedgerClaim> work) {
    try {
      return StepOutcomes.done(database.inTransaction(work));
    } catch (RefusedException e) {
      return StepOutcomes.refused(e.refusal());
    }
  }

  private static OdapException unsupported(String action) {
    return new OdapException(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED, action + " is not offered by this ledger");
  }
}
