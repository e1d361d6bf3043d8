/** The right to write (recovery-01 4.2). */
package org.odap.gateway.lease;
