/** Groups of a ledger's participants, and what they sign, as everyone can check it (IT). */
package org.odap.quorum;
