/** API type 3 over gRPC (ODAP 4.3). */
package org.odap.resource.edge;
