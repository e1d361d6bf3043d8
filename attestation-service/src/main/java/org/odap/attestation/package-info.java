/** The attestation service: attester, verifier, or both. */
package org.odap.attestation;
