/** What this gateway agrees to in phase 1 (ODAP 6.2). */
package org.odap.gateway.policy;
