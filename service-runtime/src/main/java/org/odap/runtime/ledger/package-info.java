/**
 * The contract every ledger stands behind (ODAP 5.10, ARCH 7, 8), and the service that offers it
 * over gRPC.
 */
package org.odap.runtime.ledger;
