/**
 * Encryption at rest (recovery-01 4.4, 6): keys, their proofs, the form of a record; and encryption
 * to one receiver (JWE).
 */
package org.odap.runtime.encryption;
