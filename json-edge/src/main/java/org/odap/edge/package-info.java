/**
 * A service's gRPC methods over HTTP and JSON, as the schemas' HTTP annotations say (ODAP 5, 6).
 */
package org.odap.edge;
