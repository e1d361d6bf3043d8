/** What other gateways' machines prove of themselves, and what this one does (ARCH 6, IT). */
package org.odap.gateway.attestation;
