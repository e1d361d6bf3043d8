/** The attester of RATS (RFC 9334 3.1): has this machine's TPM make evidence. */
package org.odap.attestation.attester;
