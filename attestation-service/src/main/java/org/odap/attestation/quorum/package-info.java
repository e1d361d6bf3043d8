/**
 * Who collects (IT): has a ledger's participants sign, combines what they give, deals keys to other
 * ledgers' participants, and passes messages between those who make a key together.
 */
package org.odap.attestation.quorum;
