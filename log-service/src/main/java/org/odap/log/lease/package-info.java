/** Who may write: leases, their epochs and their end (recovery-01 4.2). */
package org.odap.log.lease;
