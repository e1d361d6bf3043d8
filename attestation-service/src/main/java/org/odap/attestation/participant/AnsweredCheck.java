package org.odap.attestation.participant;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.Statement;
import org.odap.quorum.QuorumProof;
import org.odap.runtime.rpc.OdapException;

/** Whether what a statement answers was signed by the other ledger's participants (IT-4). */
final class AnsweredCheck {
  /** Which step of the other ledger a step may answer. */
  private static final Map<LedgerStep, Set<LedgerStep>> ANSWERS =
      new EnumMap<>(
          Map.of(
              LedgerStep.LEDGER_STEP_LOG_INCOMING, Set.of(LedgerStep.LEDGER_STEP_LOCK),
              LedgerStep.LEDGER_STEP_FINALIZE_LOCK, Set.of(LedgerStep.LEDGER_STEP_LOG_INCOMING),
              LedgerStep.LEDGER_STEP_CREATE, Set.of(LedgerStep.LEDGER_STEP_FINALIZE_LOCK),
              LedgerStep.LEDGER_STEP_RECORD_LOCATION, Set.of(LedgerStep.LEDGER_STEP_CREATE),
              LedgerStep.LEDGER_STEP_WITHDRAW,
                  Set.of(LedgerStep.LEDGER_STEP_LOCK, LedgerStep.LEDGER_STEP_UNLOCK),
              LedgerStep.LEDGER_STEP_UNLOCK,
                  Set.of(LedgerStep.LEDGER_STEP_WITHDRAW, LedgerStep.LEDGER_STEP_LOG_INCOMING)));

  private final List<CounterpartyConfig> counterparties;
  private final boolean answersOnly;

  AnsweredCheck(List<CounterpartyConfig> counterparties, boolean answersOnly) {
    this.counterparties = counterparties;
    this.answersOnly = answersOnly;
  }

  /**
   * Checks what a statement answers.
   *
   * @throws OdapException CLAIM_WRONG when it does not belong to the statement, SIGNATURE_INVALID
   *     when the other ledger's participants did not sign it
   */
  void require(SignPartiallyRequest request) {
    Statement statement = request.getStatement();
    LedgerStep step = statement.getClaim().getStep();
    if (!request.hasAnswered()) {
      if (answersOnly && step == LedgerStep.LEDGER_STEP_LOG_INCOMING) {
        throw wrong("unlock is signed only in answer to the other ledger's signed lock");
      }
      return;
    }
    Statement answered = request.getAnsweredStatement();
    LedgerStep answeredStep = answered.getClaim().getStep();
    if (!ANSWERS.getOrDefault(step, Set.of()).contains(answeredStep)) {
      throw wrong(step + " does not answer " + answeredStep);
    }
    if (!answered.getTransferId().equals(statement.getTransferId())
        || !answered.getHashTx().equals(statement.getHashTx())) {
      throw wrong("what is answered belongs to another transfer");
    }
    if (!isSame(answered.getClaim().getAsset(), statement.getClaim().getAsset())) {
      throw wrong("what is answered is about another asset");
    }
    mistake(answered, request.getAnswered())
        .ifPresent(why -> {
          throw new OdapException(
              ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
              "not signed by the other ledger's participants: " + why);
        });
  }

  /** Each ledger has its own name for the class. */
  private static boolean isSame(Asset one, Asset other) {
    return one.getKind() == other.getKind()
        && (one.getKind() == AssetKind.ASSET_KIND_UNIQUE
            ? one.getAssetId().equals(other.getAssetId())
            : one.getAmount().equals(other.getAmount()));
  }

  private Optional<String> mistake(Statement answered, QuorumSignature signature) {
    Optional<String> mistake = Optional.of("no participants of its ledger are known here");
    for (CounterpartyConfig counterparty : counterparties) {
      ParticipantGroup group = counterparty.group().group();
      if (!group.getDltSystem().equals(answered.getClaim().getDltSystem())) {
        continue;
      }
      mistake =
          counterparty.publicKeys().isEmpty()
                  || counterparty.publicKeys().contains(signature.getPublicKey())
              ? QuorumProof.mistake(group, answered, signature)
              : Optional.of("public_key: not known here");
      if (mistake.isEmpty()) {
        return mistake;
      }
    }
    return mistake;
  }

  private static OdapException wrong(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_CLAIM_WRONG, why);
  }
}
