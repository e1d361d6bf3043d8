/** Giving a transfer up before the commit point (recovery-01 abstract, 4.3). */
package org.odap.core.rollback;
