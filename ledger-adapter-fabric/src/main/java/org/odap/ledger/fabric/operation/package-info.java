/** What is done beside transfers: other chaincodes, native transactions, events (ODAP 5.10). */
package org.odap.ledger.fabric.operation;
