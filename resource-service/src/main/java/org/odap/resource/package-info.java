/** Reference server of resources outside any ledger: API type 3 (ODAP 4.3, ARCH 6). */
package org.odap.resource;
