/** Offline verification of what gateways recorded of a transfer (ARCH 5.3, recovery-01 5). */
package org.odap.core.evidence;
