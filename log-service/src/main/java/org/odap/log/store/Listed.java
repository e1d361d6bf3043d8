package org.odap.log.store;

import org.odap.log.entry.LogId;

/** A log in a listing. */
public record Listed(LogId log, LogHead head) {}
