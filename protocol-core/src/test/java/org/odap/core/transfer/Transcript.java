package org.odap.core.transfer;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/** How transcripts spell what happens: short, and the same on every run. */
final class Transcript {
  private Transcript() {}

  static String message(OdapMessage message) {
    return message.type() + "#" + message.sequenceNumber();
  }

  static String entry(LogEntry entry) {
    return String.format(
        Locale.ROOT,
        "%s %s.%d %s",
        entry.getPayload().getMessage(),
        entry.getOdapPhase(),
        entry.getPayload().getStep(),
        entry.getPayload().getGateways());
  }

  static String refusal(Refusal refusal) {
    String reason = refusal.reason().name().substring("ERROR_REASON_".length());
    return refusal.field().isEmpty() ? reason : reason + " (" + refusal.field() + ")";
  }

  static String ledgerAnswer(Input answer) {
    return switch (answer) {
      case Input.LedgerDid did -> "did " + Side.word(did.claim().getStep());
      case Input.LedgerRefused refused ->
          "refuses "
              + Side.word(refused.step())
              + ": "
              + refused.reason().name().substring("ERROR_REASON_".length());
      default -> throw new IllegalArgumentException("not a ledger's answer: " + answer);
    };
  }

  /** Why a transfer was refused or given up, if it was. */
  static String failure(Transfer transfer) {
    return transfer
        .failure()
        .map(failure ->
            "; because of "
                + failure.getReason().name().substring("ERROR_REASON_".length())
                + " by "
                + failure.getOrigin())
        .orElse("");
  }

  static String effects(List<Effect> effects) {
    return effects.isEmpty()
        ? "nothing"
        : effects.stream().map(Transcript::effect).collect(Collectors.joining(", "));
  }

  private static String effect(Effect effect) {
    return switch (effect) {
      case Effect.SendRequest send -> "send " + message(send.request());
      case Effect.PerformStep perform -> "ledger step " + Side.word(perform.step());
    };
  }
}
