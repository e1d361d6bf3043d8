/** The database: connections, transactions, schema. */
package org.odap.ledger.sql.database;
