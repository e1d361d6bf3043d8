/** What only measurements and demonstrations of a SQL ledger need. */
package org.odap.ledger.sql.development;
