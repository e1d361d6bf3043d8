package org.odap.core.rollback;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.session.Check;
import org.odap.core.session.Envelopes;
import org.odap.core.session.Session;

/** The messages of rollback: how they are made and what is checked in each. */
public final class RollbackFlow {
  /** Checks of a Rollback beyond structure and signature. */
  public static final List<Check> ROLLBACK =
      List.of(
          new Check(
              "It names a message of this session that the receiver knows.",
              "recovery-01 4.3",
              scene ->
                  require(
                      scene.session().knows(scene.message().previousHash()),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash_prev_message",
                      "hash_prev_message: no message of this session")));

  /** Checks of a RollbackAck. */
  public static final List<Check> ROLLBACK_ACK =
      List.of(
          new Check(
              "It names the Rollback it answers.",
              "recovery-01 4.3",
              scene ->
                  same(
                      scene.message().previousHash(),
                      scene.session().sent(MessageType.ROLLBACK).map(OdapMessage::hash).orElse(""),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash_rollback")));

  private RollbackFlow() {}

  /** Makes the message by which this side gives up. */
  public static OdapMessage rollback(Session session, Failure failure, Signer signer) {
    return OdapMessage.sign(
        Rollback.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashPrevMessage(session.rollbackReference())
            .setReason(failure.getReason())
            .setDescription(failure.getDescription())
            .build(),
        signer);
  }

  /** Makes the answer to the peer's Rollback. */
  public static OdapMessage rollbackAck(Session session, OdapMessage request, Signer signer) {
    return OdapMessage.sign(
        RollbackAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashRollback(request.hash())
            .build(),
        signer);
  }
}
