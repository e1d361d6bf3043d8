/** API type 2: the other gateways (ODAP 4.3). */
package org.odap.gateway.peer;
