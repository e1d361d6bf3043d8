package org.odap.core.log;

import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;

/**
 * What every entry of a session's log repeats (recovery-01 5).
 *
 * @param senderPubkey key of the sender gateway, base64url SPKI DER
 * @param senderDlt id of the source ledger
 * @param recipientPubkey key of the recipient gateway, base64url SPKI DER
 * @param recipientDlt id of the destination ledger
 * @param senderGateway identity (URI) of the sender gateway
 * @param recipientGateway identity (URI) of the recipient gateway
 * @param loggingProfile where this log is kept
 * @param accessControlProfile who may read this log
 */
public record LogFrame(
    String sessionId,
    String senderPubkey,
    String senderDlt,
    String recipientPubkey,
    String recipientDlt,
    String senderGateway,
    String recipientGateway,
    LoggingProfile loggingProfile,
    AccessControlProfile accessControlProfile) {
  /** The frame of a session that a proposal opens; the log is kept here, for its creator only. */
  public static LogFrame of(
      InitializationRequest proposal,
      String sessionId,
      String senderGateway,
      String recipientGateway) {
    return new LogFrame(
        sessionId,
        proposal.getSourceGatewayPubkey(),
        proposal.getSourceGatewayDltSystem(),
        proposal.getRecipientGatewayPubkey(),
        proposal.getRecipientGatewayDltSystem(),
        senderGateway,
        recipientGateway,
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
  }

  /**
   * The frame of a log that is one gateway's own, about no transfer between two.
   *
   * @param subject what it is about, in place of a ledger
   */
  public static LogFrame ofOwn(String sessionId, String gateway, String pubkey, String subject) {
    return new LogFrame(
        sessionId,
        pubkey,
        subject,
        pubkey,
        subject,
        gateway,
        gateway,
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
  }

  /** The frame of the log that an entry belongs to. */
  public static LogFrame of(LogEntry entry) {
    return new LogFrame(
        entry.getSessionId(),
        entry.getSourceGatewayPubkey(),
        entry.getSourceGatewayDltSystem(),
        entry.getRecipientGatewayPubkey(),
        entry.getRecipientGatewayDltSystem(),
        entry.getSourceGatewayUid(),
        entry.getRecipientGatewayUid(),
        entry.getLoggingProfile(),
        entry.getAccessControlProfile());
  }
}
