package org.odap.ledger.ethereum.escrow;

import java.util.OptionalLong;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.RecordState;

/** All that the escrow knows of a transfer: one record for either side. */
public record TransferRecord(Outgoing sent, Incoming received) {

  static TransferRecord read(Words words) {
    return new TransferRecord(Outgoing.read(words), Incoming.read(words));
  }

  /** The block in which a step was done; empty where it was not. */
  public OptionalLong blockOf(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> block(sent.lockedBlock());
      case LEDGER_STEP_FINALIZE_LOCK ->
          closed(sent.state() == Outgoing.State.EXTINGUISHED, sent.closedBlock());
      case LEDGER_STEP_UNLOCK ->
          closed(sent.state() == Outgoing.State.UNLOCKED, sent.closedBlock());
      case LEDGER_STEP_RECORD_LOCATION -> block(sent.locationBlock());
      case LEDGER_STEP_LOG_INCOMING -> block(received.announcedBlock());
      case LEDGER_STEP_CREATE ->
          closed(received.state() == Incoming.State.CREATED, received.closedBlock());
      case LEDGER_STEP_WITHDRAW ->
          closed(received.state() == Incoming.State.WITHDRAWN, received.closedBlock());
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED -> OptionalLong.empty();
    };
  }

  /** The highest epoch the escrow saw on the step's side of the transfer. */
  public long epochOf(LedgerStep step) {
    return isSendersStep(step) ? sent.epoch() : received.epoch();
  }

  /** The state of the step's side of the transfer. */
  public RecordState stateOf(LedgerStep step) {
    if (isSendersStep(step)) {
      return switch (sent.state()) {
        case NONE -> RecordState.RECORD_STATE_UNSPECIFIED;
        case LOCKED -> RecordState.RECORD_STATE_LOCKED;
        case EXTINGUISHED -> RecordState.RECORD_STATE_EXTINGUISHED;
        case UNLOCKED -> RecordState.RECORD_STATE_RELEASED;
      };
    }
    return switch (received.state()) {
      case NONE -> RecordState.RECORD_STATE_UNSPECIFIED;
      case ANNOUNCED -> RecordState.RECORD_STATE_ANNOUNCED;
      case CREATED -> RecordState.RECORD_STATE_CREATED;
      case WITHDRAWN -> RecordState.RECORD_STATE_WITHDRAWN;
    };
  }

  /** Whether a step belongs to the sender's ledger. */
  public static boolean isSendersStep(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK,
          LEDGER_STEP_FINALIZE_LOCK,
          LEDGER_STEP_UNLOCK,
          LEDGER_STEP_RECORD_LOCATION ->
          true;
      default -> false;
    };
  }

  private static OptionalLong block(long number) {
    return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static OptionalLong closed(boolean done, long number) {
    return done ? OptionalLong.of(number) : OptionalLong.empty();
  }
}
