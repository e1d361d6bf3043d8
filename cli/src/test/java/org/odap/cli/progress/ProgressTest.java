package org.odap.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.Trouble;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.cli.terminal.Terminal;

class ProgressTest {
  private static final Transfer RUNNING =
      Transfer.newBuilder()
          .setTransferId("t-1")
          .setState("LOCKING")
          .setOutcome(TransferOutcome.TRANSFER_OUTCOME_RUNNING)
          .setSenderDltSystem("ethereum-1")
          .setRecipientDltSystem("sql-1")
          .setAssetProfileId("urn:title")
          .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId("7"))
          .build();

  private static final Transfer TROUBLED =
      RUNNING.toBuilder()
          .setTrouble(
              Trouble.newBuilder()
                  .setEffect("lock on ethereum-1")
                  .setReason(ErrorReason.ERROR_REASON_UNAVAILABLE)
                  .setDescription("away")
                  .setSince(1_000)
                  .setAttempts(7))
          .build();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long clock = 1_000;

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private LogEntry entry(LogOperation operation, Message content) {
    clock += 250;
    return LogEntry.newBuilder()
        .setOdapPhase("p2")
        .setPayload(
            LogPayload.newBuilder()
                .setStep(3)
                .setOperation(operation)
                .setGateways("GS->GR")
                .setContent(Any.pack(content))
                .setRecordedAt(clock))
        .build();
  }

  private LogEntry commence() {
    return entry(LogOperation.LOG_OPERATION_INIT, TransferCommence.getDefaultInstance());
  }

  private LogEntry lockPlanned() {
    return entry(
        LogOperation.LOG_OPERATION_EXEC,
        StepIntent.newBuilder().setStep(LedgerStep.LEDGER_STEP_LOCK).build());
  }

  private LogEntry locked() {
    return entry(
        LogOperation.LOG_OPERATION_DONE,
        StepDone.newBuilder()
            .setClaim(
                LedgerClaim.newBuilder()
                    .setStep(LedgerStep.LEDGER_STEP_LOCK)
                    .setDltSystem("ethereum-1")
                    .setTransactionId("0x0123456789abcdef0123456789abcdef")
                    .setBlockNumber(12))
            .build());
  }

  @Test
  void theBoardTicksOffMessagesAndLedgerSteps() {
    ProgressBoard board = new ProgressBoard(RUNNING);
    board.take(RUNNING, commence());
    board.take(RUNNING, lockPlanned());

    assertThat(board.lines(Terminal.plain(out)))
        .contains(
            "no. 7 of urn:title  ethereum-1 -> sql-1  transfer t-1",
            "    ✔  2.1  message  TransferCommence            0.000 s",
            "    ▸  2.3  ledger   lock the asset              0.250 s",
            "    ·  3.3  ledger   extinguish the asset *",
            "  LOCKING");

    board.take(RUNNING, locked());
    assertThat(board.lines(Terminal.plain(out)))
        .contains(
            "    ✔  2.3  ledger   lock the asset              0.500 s  ethereum-1 tx"
                + " 0x012345..abcdef block 12");
  }

  @Test
  void whatIsNotPartOfTheStraightWayIsShownAsAnIncident() {
    Transfer ended =
        RUNNING.toBuilder()
            .setOutcome(TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK)
            .setReason(ErrorReason.ERROR_REASON_CANCELED)
            .setDescription("canceled by its client")
            .build();
    ProgressBoard board = new ProgressBoard(RUNNING);
    board.take(
        RUNNING,
        entry(
            LogOperation.LOG_OPERATION_FAIL,
            Failure.newBuilder()
                .setReason(ErrorReason.ERROR_REASON_CANCELED)
                .setDescription("canceled by its client")
                .build()));
    board.take(ended, entry(LogOperation.LOG_OPERATION_INIT, Rollback.getDefaultInstance()));

    assertThat(board.lines(Terminal.plain(out)))
        .contains(
            "  ! failed (CANCELED): canceled by its client",
            "  ! Rollback GS->GR",
            "  ROLLED_BACK: CANCELED, canceled by its client");
  }

  /** The last entry of a rollback is kept as a failure without a reason: the reason came before. */
  @Test
  @Tag("2PC-8")
  void endOfARollbackIsNoFailure() {
    LogEntry.Builder rolledBack =
        entry(LogOperation.LOG_OPERATION_DONE, Failure.getDefaultInstance()).toBuilder();
    rolledBack.getPayloadBuilder().setMessage("done-rollback");
    ProgressBoard board = new ProgressBoard(RUNNING);
    board.take(RUNNING, rolledBack.build());
    assertThat(board.lines(Terminal.plain(out))).noneMatch(line -> line.contains("failed"));

    ProgressView view = new ProgressView(Terminal.plain(out), RUNNING);
    bytes.reset();
    view.show("sender", RUNNING, rolledBack.build());
    assertThat(printed().lines())
        .containsExactly(
            "     0.000 s  sender     p2.3  done  rolled back: this side is as it was");
  }

  @Test
  @Tag("2PC-8")
  void whatIsTriedInVainIsShownUntilItIsOver() {
    ProgressBoard board = new ProgressBoard(RUNNING);
    board.take(RUNNING, lockPlanned());
    board.trouble("sender", TROUBLED);

    String line =
        "  … sender: lock on ethereum-1: UNAVAILABLE, 7 attempts since 1970-01-01T00:00:01Z (away)";
    assertThat(board.lines(Terminal.plain(out))).contains(line, "  LOCKING");
    board.trouble("recipient", RUNNING);
    assertThat(board.lines(Terminal.plain(out))).contains(line);
    board.trouble("sender", RUNNING);
    assertThat(board.lines(Terminal.plain(out))).doesNotContain(line);

    ProgressView view = new ProgressView(Terminal.plain(out), RUNNING);
    bytes.reset();
    view.trouble("sender", TROUBLED);
    view.trouble("sender", RUNNING);
    assertThat(printed().lines())
        .containsExactly(
            "              sender     lock on ethereum-1: UNAVAILABLE, 7 attempts since"
                + " 1970-01-01T00:00:01Z (away)");
  }

  @Test
  void aTerminalIsRedrawnInPlaceAndNeverWiderThanItIs() {
    ProgressView view = new ProgressView(new Terminal(out, true, false, 40), RUNNING);
    int first = printed().split("\n", -1).length - 1;
    bytes.reset();
    view.show("sender", RUNNING, commence());

    assertThat(printed()).startsWith("\u001b[" + first + "A\u001b[J");
    assertThat(List.of(printed().replaceAll("\u001b\\[[0-9]*[AJ]", "").split("\n", -1)))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(40));
  }

  @Test
  void colorsAreThereOnlyWhereWanted() {
    ProgressBoard board = new ProgressBoard(RUNNING);
    assertThat(String.join("", board.lines(new Terminal(out, true, true, 80)))).contains("\u001b[");
    assertThat(String.join("", board.lines(new Terminal(out, true, false, 80))))
        .doesNotContain("\u001b[");
  }

  @Test
  void elsewhereEachEntryIsALine() {
    ProgressView view = new ProgressView(Terminal.plain(out), RUNNING);
    view.show("sender", RUNNING, commence());
    view.show("sender", RUNNING, locked());

    assertThat(printed().lines())
        .containsExactly(
            "no. 7 of urn:title  ethereum-1 -> sql-1  transfer t-1",
            "     0.000 s  sender     p2.3  init  TransferCommence GS->GR",
            "     0.250 s  sender     p2.3  done  locked no.  on ethereum-1: tx"
                + " 0x0123456789abcdef0123456789abcdef, block 12");
  }
}
