/** OAuth 2.0 tokens as credentials of clients (ODAP 5.6.2). */
package org.odap.gateway.credential;
