package org.odap.core.log;

import org.odap.api.log.v1.LogPayload;

/**
 * Content of an entry to be, with its flow.
 *
 * @param phase "p1", "p2" or "p3" (recovery-01 3)
 */
public record PhasedPayload(String phase, LogPayload payload) {}
