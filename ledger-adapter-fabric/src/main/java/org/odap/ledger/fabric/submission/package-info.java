/** Transactions on their way into a block, and what is done when nobody knows whether they are. */
package org.odap.ledger.fabric.submission;
