/** Append-only, hash-chained log storage on RocksDB. */
package org.odap.log;
