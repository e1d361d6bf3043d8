/** Claims that a ledger's participants vouch for together, ours and those of others (IT). */
package org.odap.gateway.quorum;
