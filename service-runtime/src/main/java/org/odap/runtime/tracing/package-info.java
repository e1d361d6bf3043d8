/**
 * Traces, one a transfer: its id follows from the session's, so each service that works for a
 * transfer finds it without being told, before and after a restart.
 */
package org.odap.runtime.tracing;
