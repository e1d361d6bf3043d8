/** What the escrow's administrator does; no running adapter needs any of it. */
package org.odap.ledger.ethereum.administration;
