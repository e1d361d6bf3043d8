/** The escrow contract: its functions, records, events and refusals in Java. */
package org.odap.ledger.ethereum.escrow;
