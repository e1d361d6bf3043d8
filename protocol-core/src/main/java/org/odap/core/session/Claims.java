package org.odap.core.session;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.envelope.Hash;
import org.odap.core.refusal.Refusal;

/** What a claim about a ledger step must say to be believed (ODAP 7.3, 8.3, 8.4). */
public final class Claims {
  private Claims() {}

  /**
   * The hash reference a later step writes to its ledger: SHA-256 of the earlier step's transaction
   * id (ARCH 8).
   */
  public static String reference(LedgerClaim claim) {
    return Hash.of(claim.getTransactionId().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks that a claim is about this session's step, ledger, asset and account, and that the step
   * is final.
   *
   * @param field name of the claim's field, for the refusal
   * @param account the ledger account the step must be about; "" = any
   */
  public static Optional<Refusal> check(
      LedgerClaim claim,
      String field,
      Session session,
      LedgerStep step,
      String dlt,
      String account) {
    ErrorReason wrong = ErrorReason.ERROR_REASON_CLAIM_WRONG;
    return same(claim.getTransferId(), session.id(), wrong, field + ".transfer_id")
        .or(() -> same(claim.getStep().name(), step.name(), wrong, field + ".step"))
        .or(() -> same(claim.getDltSystem(), dlt, wrong, field + ".dlt_system"))
        .or(() -> sameAsset(claim.getAsset(), session.asset(), field + ".asset"))
        .or(() -> sameClass(claim, session, field + ".asset.asset_class"))
        .or(() ->
            account.isEmpty()
                ? Optional.empty()
                : same(claim.getAccount(), account, wrong, field + ".account"))
        .or(() ->
            require(
                !claim.getTransactionId().isEmpty(),
                wrong,
                field + ".transaction_id",
                field + ".transaction_id: empty (expected: the ledger's transaction id)"))
        .or(() ->
            require(
                claim.getFinality().getFinal(),
                ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL,
                field + ".finality",
                field + ".finality: not final yet by the rule " + claim.getFinality().getRule()));
  }

  private static Optional<Refusal> sameAsset(Asset claimed, Asset agreed, String field) {
    ErrorReason wrong = ErrorReason.ERROR_REASON_CLAIM_WRONG;
    return same(claimed.getKind().name(), agreed.getKind().name(), wrong, field + ".kind")
        .or(() ->
            agreed.getKind() == AssetKind.ASSET_KIND_UNIQUE
                ? same(claimed.getAssetId(), agreed.getAssetId(), wrong, field + ".asset_id")
                : same(claimed.getAmount(), agreed.getAmount(), wrong, field + ".amount"));
  }

  /**
   * The proposal names the class on the sender's ledger; what it is called on the other is for the
   * recipient alone to say.
   */
  private static Optional<Refusal> sameClass(LedgerClaim claim, Session session, String field) {
    return claim.getDltSystem().equals(session.frame().senderDlt())
        ? same(
            claim.getAsset().getAssetClass(),
            session.asset().getAssetClass(),
            ErrorReason.ERROR_REASON_CLAIM_WRONG,
            field)
        : Optional.empty();
  }
}
