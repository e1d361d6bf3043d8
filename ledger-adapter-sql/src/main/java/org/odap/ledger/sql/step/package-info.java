/** The steps of a transfer on a SQL ledger (ARCH 7, 8: 2.3, 2.4, 3.3, 3.5, 3.7). */
package org.odap.ledger.sql.step;
