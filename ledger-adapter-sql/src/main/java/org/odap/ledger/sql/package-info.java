/** A SQL database as a ledger behind the ledger contract: H2 embedded, or PostgreSQL. */
package org.odap.ledger.sql;
