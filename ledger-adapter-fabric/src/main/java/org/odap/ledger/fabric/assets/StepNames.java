package org.odap.ledger.fabric.assets;

import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.LedgerStep;

/** Steps as the chaincode spells them, in records and as names of events. */
public final class StepNames {
  private static final String PREFIX = "LEDGER_STEP_";

  private StepNames() {}

  /** The name of a step. */
  public static String of(LedgerStep step) {
    return step.name().substring(PREFIX.length());
  }

  /** The step of a name; empty for what is outside of transfers. */
  public static Optional<LedgerStep> stepOf(String name) {
    return Stream.of(LedgerStep.values())
        .filter(step -> step != LedgerStep.UNRECOGNIZED)
        .filter(step -> step != LedgerStep.LEDGER_STEP_UNSPECIFIED)
        .filter(step -> of(step).equals(name))
        .findFirst();
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
}
