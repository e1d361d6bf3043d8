/** Names of resources and clients, and the patterns access rules are made of (ODAP 5.3 to 5.5). */
package org.odap.core.resource;
