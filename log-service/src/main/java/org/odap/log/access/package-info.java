/** Who may read and write a log: its access-control profile (recovery-01 5, 6). */
package org.odap.log.access;
