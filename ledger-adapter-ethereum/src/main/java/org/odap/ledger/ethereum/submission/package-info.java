/**
 * Transactions on their way into a block: account, nonces, fees, and what is done when one is
 * stuck.
 */
package org.odap.ledger.ethereum.submission;
