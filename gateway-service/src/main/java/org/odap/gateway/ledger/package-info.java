/** The ledgers behind this gateway. */
package org.odap.gateway.ledger;
