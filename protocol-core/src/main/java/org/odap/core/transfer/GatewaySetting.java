package org.odap.core.transfer;

import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.session.Timing;

/**
 * What a gateway brings to each decision.
 *
 * @param signer signs its messages and log entries
 * @param timing the times it reckons with
 * @param policy what it agrees to
 */
public record GatewaySetting(Signer signer, Timing timing, InitiationPolicy policy) {}
