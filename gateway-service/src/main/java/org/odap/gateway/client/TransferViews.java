package org.odap.gateway.client;

import java.util.Optional;
import org.odap.api.client.v1.Transfer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Session;
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
      InitializationRequest proposal = session.proposal();
      view.setAssetProfileId(proposal.getAssetProfile().getProfileId())
          .setAsset(proposal.getAsset())
          .setOrigin(proposal.getOrigin())
          .setDestination(proposal.getDestination())
          .setExpiryTime(proposal.getExpiryTime());
    }
    if (!transfer.state().ended()) {
      trouble.ifPresent(met -> view.setTrouble(of(met)));
    }
    return view.build();
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
