/** Groups of a ledger's participants, and what they say, as everyone can check it (IT). */
package org.odap.attestation.group;
