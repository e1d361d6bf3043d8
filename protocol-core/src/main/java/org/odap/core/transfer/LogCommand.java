package org.odap.core.transfer;

import static org.odap.api.log.v1.LogOperation.LOG_OPERATION_ACK;
import static org.odap.api.log.v1.LogOperation.LOG_OPERATION_DONE;
import static org.odap.api.log.v1.LogOperation.LOG_OPERATION_EXEC;
import static org.odap.api.log.v1.LogOperation.LOG_OPERATION_FAIL;
import static org.odap.api.log.v1.LogOperation.LOG_OPERATION_INIT;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.odap.api.log.v1.LogOperation;
import org.odap.core.session.Role;

/**
 * The commands of log entries, {@code <phase, step, operation-command, gateways>} (recovery-01 3).
 * Steps of phases 2 and 3 have the architecture's numbers (ARCH 7, 8). init- is written before a
 * message leaves, exec- when a request came in or a ledger step is about to start, done- when a
 * step has been done, ack- with the answer (before it leaves on one side, when it came in on the
 * other), fail- when something failed.
 *
 * <p>After the entry the transfer is in the state named here for the role; a command without one
 * leaves it as it is.
 */
public enum LogCommand {
  /** The client's order. */
  INIT_TRANSFER("p1", 1, "GS", null, null),
  /** Persons are to approve before this side goes on. */
  INIT_APPROVAL("p1", 0, "", SenderState.AWAITING_APPROVAL, RecipientState.AWAITING_APPROVAL),
  /** One of them has. */
  DONE_APPROVAL("p1", 0, "", null, null),
  /** The proposal leaves. */
  INIT_VALIDATE("p1", 1, "GS->GR", SenderState.PROPOSED, null),
  /** The proposal came in. */
  EXEC_VALIDATE("p1", 2, "GR", null, RecipientState.AWAITING_APPROVAL),
  /** The proposal is taken, by rules or by a person. */
  DONE_VALIDATE("p1", 3, "GR", null, null),
  /** The agreement. */
  ACK_VALIDATE("p1", 4, "GR->GS", null, RecipientState.AGREED),
  /** The denial. */
  FAIL_VALIDATE("p1", 4, "GR->GS", null, RecipientState.DENIED),
  /** Phase 1 has ended without agreement. */
  FAIL_INITIATION("p1", 5, "", SenderState.REFUSED, RecipientState.REFUSED),
  /** 2.1 leaves. */
  INIT_COMMENCE("p2", 1, "GS->GR", SenderState.COMMENCING, null),
  /** 2.1 came in. */
  EXEC_COMMENCE("p2", 1, "GR", null, null),
  /** 2.2. */
  ACK_COMMENCE("p2", 2, "GR->GS", null, RecipientState.COMMENCED),
  /** 2.3 is about to start. */
  EXEC_LOCK("p2", 3, "GS", SenderState.LOCKING, null),
  /** 2.3 has been done. */
  DONE_LOCK("p2", 3, "GS", null, null),
  /** 2.4 is about to start. */
  EXEC_LOG_INCOMING("p2", 4, "GR", null, RecipientState.ANNOUNCING),
  /** 2.4 has been done. */
  DONE_LOG_INCOMING("p2", 4, "GR", null, RecipientState.ANNOUNCED),
  /** 2.5 leaves. */
  INIT_LOCK_EVIDENCE("p2", 5, "GS->GR", SenderState.EVIDENCING, null),
  /** 2.5 came in. */
  EXEC_LOCK_EVIDENCE("p2", 5, "GR", null, null),
  /** 2.6. */
  ACK_LOCK_EVIDENCE("p2", 6, "GR->GS", null, RecipientState.EVIDENCED),
  /** 3.1 leaves. */
  INIT_COMMIT_PREPARE("p3", 1, "GS->GR", SenderState.PREPARING, null),
  /** 3.1 came in. */
  EXEC_COMMIT_PREPARE("p3", 1, "GR", null, null),
  /** 3.2, the promise; in three-phase commit a vote. */
  ACK_COMMIT_PREPARE("p3", 2, "GR->GS", null, RecipientState.PREPARED),
  /** The pre-commit of three-phase commit leaves. */
  INIT_PRE_COMMIT("p3", 2, "GS->GR", SenderState.PRECOMMITTING, null),
  /** The pre-commit came in. */
  EXEC_PRE_COMMIT("p3", 2, "GR", null, null),
  /** Its ack, the promise in three-phase commit. */
  ACK_PRE_COMMIT("p3", 2, "GR->GS", null, RecipientState.PRECOMMITTED),
  /** 3.3 is about to start. */
  EXEC_LOCK_FINAL("p3", 3, "GS", SenderState.FINALIZING, null),
  /** 3.3 has been done. */
  DONE_LOCK_FINAL("p3", 3, "GS", null, null),
  /** 3.4 leaves. */
  INIT_COMMIT_FINAL("p3", 4, "GS->GR", SenderState.COMMITTING, null),
  /** 3.4 came in. */
  EXEC_COMMIT_FINAL("p3", 4, "GR", null, null),
  /** 3.5 is about to start. */
  EXEC_CREATE("p3", 5, "GR", null, RecipientState.CREATING),
  /** 3.5 has been done. */
  DONE_CREATE("p3", 5, "GR", null, null),
  /** 3.6. */
  ACK_COMMIT_FINAL("p3", 6, "GR->GS", null, RecipientState.CREATED),
  /** 3.7 is about to start. */
  EXEC_LOCATION_RECORD("p3", 7, "GS", SenderState.RECORDING, null),
  /** 3.7 has been done. */
  DONE_LOCATION_RECORD("p3", 7, "GS", null, null),
  /** 3.7 was refused by L1; it is optional (ARCH 8). */
  FAIL_LOCATION_RECORD("p3", 7, "GS", null, null),
  /** 3.8 leaves. */
  INIT_TRANSFER_COMPLETE("p3", 8, "GS->GR", SenderState.COMPLETING, null),
  /** 3.8 came in. */
  EXEC_TRANSFER_COMPLETE("p3", 8, "GR", null, null),
  /** The receipt of 3.8. */
  ACK_TRANSFER_COMPLETE("p3", 9, "GR->GS", SenderState.COMPLETED, RecipientState.COMPLETED),

  /** The transfer is given up; why. */
  FAIL_TRANSFER("", 0, "", SenderState.ROLLING_BACK, RecipientState.ROLLING_BACK),
  /** The peer's Rollback came in. */
  EXEC_ROLLBACK("", 0, "", null, null),
  /** This side's Rollback leaves. */
  INIT_ROLLBACK("", 0, "", null, null),
  /** The answer to a Rollback. */
  ACK_ROLLBACK("", 0, "", null, null),
  /** The peer can't be told of the rollback, or would not hear it. */
  FAIL_ROLLBACK("", 0, "", null, null),
  /** Undoing 2.3 is about to start. */
  EXEC_UNLOCK("", 0, "GS", null, null),
  /** 2.3 has been undone, or can never be done. */
  DONE_UNLOCK("", 0, "GS", null, null),
  /** Undoing 2.4 is about to start. */
  EXEC_WITHDRAW("", 0, "GR", null, null),
  /** 2.4 has been undone, or can never be done. */
  DONE_WITHDRAW("", 0, "GR", null, null),
  /** This side is as it was before. */
  DONE_ROLLBACK("", 0, "", SenderState.ROLLED_BACK, RecipientState.ROLLED_BACK),

  /** This side was away and is back: its Recover leaves. */
  INIT_RECOVER("", 0, "", null, null),
  /** The peer's Recover came in. */
  EXEC_RECOVER("", 0, "", null, null),
  /** The updated log, answer to a Recover. */
  ACK_RECOVER("", 0, "", null, null),
  /** The peer would not hear of the recovery, or the logs disagree; why. */
  FAIL_RECOVER("", 0, "", null, null),
  /** The update has been taken: the confirmation leaves. */
  INIT_RECOVER_SUCCESS("", 0, "", null, null),
  /** The peer's confirmation came in. */
  EXEC_RECOVER_SUCCESS("", 0, "", null, null),
  /** The acknowledgement that ends a recovery. */
  ACK_RECOVER_SUCCESS("", 0, "", null, null),
  /** An operator closes the transfer; why. */
  DONE_RESOLVE("", 0, "", SenderState.RESOLVED, RecipientState.RESOLVED);

  private static final Map<String, LogCommand> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(LogCommand::text, Function.identity()));

  private final String text;
  private final String phase;
  private final int step;
  private final String gateways;
  private final SenderState afterSender;
  private final RecipientState afterRecipient;

  LogCommand(
      String phase,
      int step,
      String gateways,
      SenderState afterSender,
      RecipientState afterRecipient) {
    this.text = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.phase = phase;
    this.step = step;
    this.gateways = gateways;
    this.afterSender = afterSender;
    this.afterRecipient = afterRecipient;
  }

  /** The command as the log spells it, e.g. "init-validate". */
  public String text() {
    return text;
  }

  /** The command with this text, if there is one. */
  public static Optional<LogCommand> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  /** Phase "p1" to "p3"; "" = the phase the transfer is in. */
  public String phase() {
    return phase;
  }

  /** Step within the phase; 0 = the step the transfer is at. */
  public int step() {
    return step;
  }

  /** The gateways involved as the log spells them, seen from a role. */
  public String gateways(Role role) {
    if (!gateways.isEmpty()) {
      return gateways;
    }
    return switch (this) {
      case INIT_ROLLBACK, INIT_RECOVER, INIT_RECOVER_SUCCESS ->
          role.sign() + "->" + role.peer().sign();
      case EXEC_ROLLBACK, EXEC_RECOVER, EXEC_RECOVER_SUCCESS ->
          role.peer().sign() + "->" + role.sign();
      default -> role.sign();
    };
  }

  /** What the entry says about its step. */
  public LogOperation operation() {
    return switch (text.substring(0, text.indexOf('-'))) {
      case "init" -> LOG_OPERATION_INIT;
      case "exec" -> LOG_OPERATION_EXEC;
      case "done" -> LOG_OPERATION_DONE;
      case "ack" -> LOG_OPERATION_ACK;
      default -> LOG_OPERATION_FAIL;
    };
  }

  /** The state after the entry; empty = as before. */
  public Optional<State> after(Role role) {
    return Optional.ofNullable(role == Role.SENDER ? afterSender : afterRecipient);
  }
}
