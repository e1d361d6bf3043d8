/** What a verifier found about a gateway's machine, as a signed attestation result (ARCH 6). */
package org.odap.core.attestation;
