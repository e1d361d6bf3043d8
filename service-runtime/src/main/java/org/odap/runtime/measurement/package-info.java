/**
 * How fast a ledger does the steps of transfers: the same load for an adapter and for a library.
 */
package org.odap.runtime.measurement;
