/**
 * A participant's signer (IT): looks at its own ledger before it signs, signs one thing for each
 * transfer and step, and makes keys with others.
 */
package org.odap.attestation.participant;
