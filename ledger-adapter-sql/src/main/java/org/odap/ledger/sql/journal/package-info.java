/**
 * The journal of every effect, hash-chained: what a SQL ledger has for blocks and evidence (ARCH
 * 8).
 */
package org.odap.ledger.sql.journal;
