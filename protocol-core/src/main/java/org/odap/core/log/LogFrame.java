package org.odap.core.log;

import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.LoggingProfile;

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
    AccessControlProfile accessControlProfile) {}
