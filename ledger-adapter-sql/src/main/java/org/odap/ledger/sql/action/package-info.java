/** What is read and done outside of transfers (ODAP 5.10). */
package org.odap.ledger.sql.action;
