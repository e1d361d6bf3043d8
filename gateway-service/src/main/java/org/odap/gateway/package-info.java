/** Runs the core: drives transfers, talks to peers, clients, the log and the ledgers. */
package org.odap.gateway;
