/** Transfer steps (ARCH 7, 8) on their way from a request to a final transaction. */
package org.odap.ledger.ethereum.step;
