/** What a client asks of its gateway (ODAP 4.3, API type 1). */
package org.odap.cli.client;
