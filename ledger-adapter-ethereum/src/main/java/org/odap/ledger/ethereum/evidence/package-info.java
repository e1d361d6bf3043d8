/** Proof that a step is on the chain, and its check against a node of one's own. */
package org.odap.ledger.ethereum.evidence;
