/**
 * Logs on disk: one writer that makes changes durable in groups, and readers that check what they
 * read.
 */
package org.odap.log.store;
