/** What measures the attestation service on a TPM in software. */
package org.odap.attestation.development;
