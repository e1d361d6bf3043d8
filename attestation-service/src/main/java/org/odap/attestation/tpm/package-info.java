/**
 * Structures of TPM 2.0 (TCG TPM 2.0 Library, Part 2) and event logs (TCG PC Client), read strictly
 * as records: a byte too many or too few is refused.
 */
package org.odap.attestation.tpm;
