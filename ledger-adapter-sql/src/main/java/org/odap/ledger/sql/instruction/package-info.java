/**
 * Instructions that account holders sign themselves (ODAP 5.12): the native transactions of a SQL
 * ledger.
 */
package org.odap.ledger.sql.instruction;
