package org.odap.log.store;

import org.odap.runtime.identity.Identity;

/**
 * Who wants to write.
 *
 * @param identity proven by its certificate
 * @param epoch of the lease it says it holds
 */
public record Writer(Identity identity, long epoch) {}
