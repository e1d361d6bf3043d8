/** Who may do what behind this gateway, and the record of every decision (ODAP 5.5). */
package org.odap.gateway.access;
