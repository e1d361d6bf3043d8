package org.odap.log.lease;

import org.odap.runtime.identity.Identity;

/**
 * The right of one gateway replica to write logs (recovery-01 4.2).
 *
 * @param epoch number of the lease, larger than that of every lease given before
 * @param holder name of the replica
 * @param identity whose certificate took it; nobody else may use it: epochs are no secrets
 * @param durationMillis how long the lease lives without a heartbeat
 */
public record Lease(long epoch, String holder, Identity identity, int durationMillis) {}
