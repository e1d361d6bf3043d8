/** A SQL database as a ledger behind the ledger contract. */
package org.odap.ledger.sql;
