package org.odap.gateway.history;

import java.math.BigInteger;
import java.util.Optional;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.RecipientState;
import org.odap.core.transfer.State;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.driver.Admission.Candidate;
import org.odap.gateway.policy.Amounts;

/**
 * What is kept at hand of a transfer, to list it and to count it.
 *
 * @param startedAt when it began, UNIX milliseconds
 * @param peer identity (URI) of the other gateway
 * @param amount how much it counts for limits
 * @param state as of the last look
 */
public record Known(
    String logId,
    String transferId,
    Role role,
    long startedAt,
    String peer,
    String senderDlt,
    String recipientDlt,
    String assetProfileId,
    BigInteger amount,
    State state) {

  /** A transfer as its log has it. */
  static Known of(Transfer transfer) {
    Session session = transfer.session();
    boolean proposed =
        session.sent(MessageType.INITIALIZATION_REQUEST).isPresent()
            || session.received(MessageType.INITIALIZATION_REQUEST).isPresent();
    Optional<InitializationRequest> terms =
        proposed ? Optional.of(session.proposal()) : transfer.approvals().terms();
    return new Known(
        transfer.logId(),
        transfer.id(),
        transfer.role(),
        transfer.startedAt(),
        session.peerIdentity().intern(),
        session.frame().senderDlt().intern(),
        session.frame().recipientDlt().intern(),
        terms.map(known -> known.getAssetProfile().getProfileId()).orElse("").intern(),
        terms.map(known -> Amounts.of(known.getAsset())).orElse(BigInteger.ONE),
        transfer.state());
  }

  /** A transfer that is about to begin. */
  public static Known of(Candidate candidate, State state, long now) {
    InitializationRequest terms = candidate.terms();
    return new Known(
        candidate.logId(),
        candidate.transferId(),
        candidate.role(),
        now,
        candidate.peer(),
        terms.getSourceGatewayDltSystem(),
        terms.getRecipientGatewayDltSystem(),
        terms.getAssetProfile().getProfileId(),
        Amounts.of(terms.getAsset()),
        state);
  }

  /** Whether it uses up limits: one that came to nothing does not. */
  public boolean counts() {
    TransferOutcome outcome = state.outcome();
    return outcome != TransferOutcome.TRANSFER_OUTCOME_REFUSED
        && outcome != TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK
        && state != RecipientState.DENIED;
  }

  /** Its place in a list; the newest is the last. */
  public String place() {
    return "%015d/%s".formatted(startedAt, logId);
  }
}
