package org.odap.core.session;

import java.util.Optional;
import org.odap.core.envelope.OdapMessage;

/**
 * One request of the peer and what was answered to it (ODAP 5.6.5): a repeat of the request gets
 * the same answer.
 *
 * @param request the request as it arrived
 * @param answer the answer given, once there is one
 */
public record Exchange(OdapMessage request, Optional<OdapMessage> answer) {}
