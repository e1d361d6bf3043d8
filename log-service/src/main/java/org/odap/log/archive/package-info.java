/** Logs of transfers that ended long ago leave the store: when, and what is told of it. */
package org.odap.log.archive;
