/** API type 1: the gateway's own clients (ODAP 4.3). */
package org.odap.gateway.client;
