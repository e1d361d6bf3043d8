/** The verifier of RATS (RFC 9334 3.2): holds evidence against policy and signs what it found. */
package org.odap.attestation.appraisal;
