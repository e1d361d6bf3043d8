/** API type 3: what a gateway asks of resources outside any ledger (ODAP 4.3, ARCH 6). */
package org.odap.gateway.directory;
