/**
 * API type 1 on resources: what clients do with the ledgers behind their gateway (ODAP 5.6 to
 * 5.12).
 */
package org.odap.gateway.resource;
