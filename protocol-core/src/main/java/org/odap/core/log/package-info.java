/**
 * Entries of a session's log: sealed into a hash chain by who writes, verified by who reads
 * (recovery-01 5).
 */
package org.odap.core.log;
