/** Encryption of entries at rest (recovery-01 4.4, 6): keys, their proofs, the form of a record. */
package org.odap.log.encryption;
