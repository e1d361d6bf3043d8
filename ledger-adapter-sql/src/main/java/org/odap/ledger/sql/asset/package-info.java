/** Assets, their classes and who owns them. */
package org.odap.ledger.sql.asset;
