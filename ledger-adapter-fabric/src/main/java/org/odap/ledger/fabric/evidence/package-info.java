/** Proof that a step stands in a block of a Fabric channel, and its check by keys one trusts. */
package org.odap.ledger.fabric.evidence;
