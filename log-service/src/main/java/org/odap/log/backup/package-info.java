/** Backups of a running service: when they are made, and what is told of them. */
package org.odap.log.backup;
