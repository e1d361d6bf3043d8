package org.odap.gateway.client;

import java.util.Optional;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferApproval;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Session;
import org.odap.core.transfer.Approvals;
import org.odap.gateway.driver.Trouble;

/** How a transfer looks to a client. */
final class TransferViews {
  private TransferViews() {}

  /**
   * A transfer as its log has it.
   *
   * @param trouble what it tries without success
   */
  static Transfer of(org.odap.core.transfer.Transfer transfer, Optional<Trouble> trouble) {
    Session session = transfer.session();
    Transfer.Builder view =
        Transfer.newBuilder()
            .setTransferId(transfer.id())
            .setRole(transfer.role().wire())
            .setPhase(phase(transfer))
            .setState(transfer.state().name())
            .setOutcome(transfer.state().outcome())
            .setSenderDltSystem(session.frame().senderDlt())
            .setRecipientDltSystem(session.frame().recipientDlt())
            .setPeer(session.peerIdentity())
            .setStartedAt(transfer.startedAt())
            .setUpdatedAt(transfer.updatedAt())
            .setLogLength(transfer.head().length())
            .setAwaitsDecision(transfer.awaitsDecision())
            .setDisputed(transfer.disputed());
    Failure failure =
        session.recovery().dispute().or(transfer::failure).orElse(Failure.getDefaultInstance());
    if (failure.getReason() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      view.setReason(failure.getReason()).setDescription(failure.getDescription());
    }
    if (session.sent(MessageType.INITIALIZATION_REQUEST).isPresent()
        || session.received(MessageType.INITIALIZATION_REQUEST).isPresent()) {
      terms(view, session.proposal());
    } else {
      transfer.approvals().terms().ifPresent(terms -> terms(view, terms));
    }
    approvals(view, transfer);
    if (!transfer.state().ended()) {
      trouble.ifPresent(met -> view.setTrouble(of(met)));
    }
    return view.build();
  }

  private static void terms(Transfer.Builder view, InitializationRequest terms) {
    view.setAssetProfileId(terms.getAssetProfile().getProfileId())
        .setAsset(terms.getAsset())
        .setOrigin(terms.getOrigin())
        .setDestination(terms.getDestination())
        .setExpiryTime(terms.getExpiryTime());
  }

  private static void approvals(Transfer.Builder view, org.odap.core.transfer.Transfer transfer) {
    Approvals approvals = transfer.approvals();
    if (transfer.awaitsDecision() || approvals.wanted().isPresent()) {
      view.setApprovalsNeeded(approvals.needed());
    }
    if (transfer.awaitsDecision()) {
      approvals.wanted().ifPresent(wanted -> view.setApprovalUntil(wanted.getUntil()));
    }
    approvals
        .given()
        .forEach(given ->
            view.addApprovals(
                TransferApproval.newBuilder()
                    .setApprover(given.getApprover())
                    .setApprovedAt(given.getApprovedAt())));
  }

  private static org.odap.api.client.v1.Trouble of(Trouble trouble) {
    return org.odap.api.client.v1.Trouble.newBuilder()
        .setEffect(trouble.effect())
        .setReason(trouble.reason())
        .setDescription(trouble.description())
        .setSince(trouble.since())
        .setAttempts(trouble.attempts())
        .build();
  }

  /** While a transfer is undone it counts as being in the phase it had reached. */
  private static OdapPhase phase(org.odap.core.transfer.Transfer transfer) {
    return switch (transfer.phase()) {
      case "p2" -> OdapPhase.ODAP_PHASE_LOCK_EVIDENCE;
      case "p3" -> OdapPhase.ODAP_PHASE_COMMITMENT;
      default -> OdapPhase.ODAP_PHASE_INITIATION;
    };
  }
}
