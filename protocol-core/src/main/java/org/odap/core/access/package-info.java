/** Who may do what behind a gateway (ODAP 5.5): rules from client patterns to resources. */
package org.odap.core.access;
