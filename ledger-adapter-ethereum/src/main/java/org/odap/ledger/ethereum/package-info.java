/** An Ethereum chain as a ledger behind the ledger contract. */
package org.odap.ledger.ethereum;
