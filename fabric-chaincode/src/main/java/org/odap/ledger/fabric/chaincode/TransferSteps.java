package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What the steps of both sides have in common. A record belongs to the organization whose gateway
 * began it; the highest epoch seen fences off writers with a lower one; a repeat changes nothing
 * but that epoch, and is answered as the first.
 */
final class TransferSteps {
  private final Invocation call;

  TransferSteps(Invocation call) {
    this.call = call;
  }

  /** The record a gateway wants to go on with, if there is one. */
  <T extends TransferSide> Optional<T> hold(Class<T> type, Table table, StepKey key) {
    call.identities().require(Role.GATEWAY);
    Optional<T> known = call.state().get(type, table, key.transferId());
    known.ifPresent(record -> {
      requireOwn(record);
      requireEpoch(record, key);
    });
    return known;
  }

  StepDone done(StepKey key, StepParameters parameters) {
    return new StepDone(call.transactionId(), call.claimedMillis(), key.anchor(), parameters);
  }

  /** Writes the record that a step has changed, tells of it, and answers. */
  String changed(Table table, StepKey key, Step step, TransferSide record) {
    call.state().put(record, table, key.transferId());
    StepDone done = record.steps().get(step);
    ObjectNode event = Json.object(record);
    event.remove("steps");
    event.put("transferId", key.transferId());
    event.setAll(Json.object(done));
    // The peer says it with the event.
    event.remove("transactionId");
    call.emit(step.name(), event);
    return answer(key, step, done);
  }

  /** Answers a repeat. */
  String repeated(Table table, StepKey key, Step step, TransferSide record) {
    if (key.epoch() > record.epoch()) {
      call.state().put(record.with(key.epoch()), table, key.transferId());
    }
    return answer(key, step, record.steps().get(step));
  }

  /** Answers a repeat of a step that was done with these parameters, and refuses another. */
  String repeated(
      Table table, StepKey key, Step step, TransferSide record, StepParameters parameters) {
    StepDone first = record.steps().get(step);
    if (!first.parameters().equals(parameters)) {
      throw Refusals.conflict(first);
    }
    return repeated(table, key, step, record);
  }

  private void requireOwn(TransferSide record) {
    if (!record.mspId().equals(call.caller().mspId())) {
      throw Refusals.denied(
          "the transfer was begun by a gateway of another MSP than value: "
              + call.caller().mspId()
              + " (expected: "
              + record.mspId()
              + ")");
    }
  }

  private static void requireEpoch(TransferSide record, StepKey key) {
    if (key.epoch() < record.epoch()) {
      throw Refusals.refused(
          Reason.EPOCH_STALE,
          "epoch: value: " + key.epoch() + " (expected: at least " + record.epoch() + ")");
    }
  }

  private static String answer(StepKey key, Step step, StepDone done) {
    ObjectNode answer = Json.object(done);
    answer.put("transferId", key.transferId());
    answer.put("step", step.name());
    return Json.text(answer);
  }
}
