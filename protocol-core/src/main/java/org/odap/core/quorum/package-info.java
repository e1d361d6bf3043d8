/** What a ledger's participants say together about their ledger (IT). */
package org.odap.core.quorum;
