package org.odap.core.transfer;

import org.odap.api.common.v1.LedgerStep;
import org.odap.core.envelope.MessageType;

/**
 * The kind of an input, as a rule names it.
 *
 * @param text the trigger in words, e.g. "receives TRANSFER_COMMENCE"; equal texts are equal
 *     triggers
 */
record Trigger(String text) {
  static final Trigger ORDERED = new Trigger("is ordered");
  static final Trigger STALLED = new Trigger("stalls");
  static final Trigger APPROVED = new Trigger("is approved");
  static final Trigger DECLINED = new Trigger("is declined");
  static final Trigger CANCELED = new Trigger("is canceled");
  static final Trigger RESOLVED = new Trigger("is resolved");
  static final Trigger RECOVERED = new Trigger("is back");
  static final Trigger TIME_PASSES = new Trigger("time passes");

  static Trigger receives(MessageType type) {
    return new Trigger("receives " + type);
  }

  static Trigger isRefused(MessageType request) {
    return new Trigger("has its " + request + " refused");
  }

  static Trigger did(LedgerStep step) {
    return new Trigger("ledger did " + word(step));
  }

  static Trigger ledgerRefuses(LedgerStep step) {
    return new Trigger("ledger refuses " + word(step));
  }

  static Trigger of(Input input) {
    return switch (input) {
      case Input.Order order -> ORDERED;
      case Input.Received received -> receives(received.message().type());
      case Input.PeerRefused refused -> isRefused(refused.request());
      case Input.LedgerDid did -> did(did.claim().getStep());
      case Input.LedgerRefused refused -> ledgerRefuses(refused.step());
      case Input.Stalled stalled -> STALLED;
      case Input.Approved approved -> APPROVED;
      case Input.Declined declined -> DECLINED;
      case Input.Canceled canceled -> CANCELED;
      case Input.Resolved resolved -> RESOLVED;
      case Input.Recovered recovered -> RECOVERED;
      case Input.Tick tick -> TIME_PASSES;
    };
  }

  private static String word(LedgerStep step) {
    return step.name().substring("LEDGER_STEP_".length());
  }
}
