package org.odap.core.session;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.Recover;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;

/**
 * What was said about recoveries in a session (recovery-01 4.3). Its messages have sequence numbers
 * of their own, and the messages of the phases do not refer to them: a recovery neither uses up nor
 * needs the place of a request that was lost.
 *
 * @param open this side's request that waits for its answer: a Recover, then a RecoverSuccess
 * @param lastOwnNumber number of this side's last request, 0 before the first
 * @param peerRequest the peer's last request and what was answered
 * @param dispute set while the two logs are known to disagree
 * @param refused whether the peer would not hear of this side's last one, and has said nothing
 *     since
 */
public record Recovery(
    Optional<OdapMessage> open,
    int lastOwnNumber,
    Optional<Exchange> peerRequest,
    Optional<Failure> dispute,
    boolean refused) {

  /** Nothing was said yet. */
  static final Recovery NONE =
      new Recovery(Optional.empty(), 0, Optional.empty(), Optional.empty(), false);

  /**
   * Whether the peer does not know yet that this side's backup has taken over, with its own key.
   */
  public boolean isTakingOver() {
    return open.filter(request -> request.type() == MessageType.RECOVER)
        .filter(request -> request.as(Recover.class).getBackup())
        .isPresent();
  }

  /** The answer to this request of the peer, if it is the last one and has been answered. */
  public Optional<OdapMessage> answer(OdapMessage request) {
    return peerRequest
        .filter(exchange -> exchange.request().hash().equals(request.hash()))
        .flatMap(Exchange::answer);
  }

  /** Whether a type of message belongs to recovery. */
  public static boolean isAbout(MessageType type) {
    return switch (type) {
      case RECOVER, RECOVER_UPDATE, RECOVER_SUCCESS, RECOVER_ACK -> true;
      default -> false;
    };
  }

  Recovery withSent(OdapMessage message) {
    return message.type().request()
        ? new Recovery(
            Optional.of(message), message.sequenceNumber(), peerRequest, dispute, refused)
        : new Recovery(
            open,
            lastOwnNumber,
            peerRequest.map(exchange -> new Exchange(exchange.request(), Optional.of(message))),
            dispute,
            refused);
  }

  Recovery withReceived(OdapMessage message) {
    return message.type().request()
        ? new Recovery(
            open,
            lastOwnNumber,
            Optional.of(new Exchange(message, Optional.empty())),
            dispute,
            refused)
        : new Recovery(Optional.empty(), lastOwnNumber, peerRequest, dispute, false);
  }

  /** The peer has said something else: it hears this side. */
  Recovery heard() {
    return refused ? new Recovery(open, lastOwnNumber, peerRequest, dispute, false) : this;
  }

  Recovery failed(Failure failure) {
    boolean disputed = failure.getReason() == ErrorReason.ERROR_REASON_LOG_DISPUTED;
    return disputed
        ? new Recovery(
            open, lastOwnNumber, peerRequest, dispute.or(() -> Optional.of(failure)), refused)
        : new Recovery(Optional.empty(), lastOwnNumber, peerRequest, dispute, true);
  }
}
