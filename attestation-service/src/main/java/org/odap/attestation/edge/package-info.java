/** What callers of the attestation service see. */
package org.odap.attestation.edge;
