/** What the adapter asks an Ethereum node, over standard JSON-RPC. */
package org.odap.ledger.ethereum.chain;
