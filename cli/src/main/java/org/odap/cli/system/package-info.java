/**
 * A whole system on one machine: configurations written, services started as processes, watched,
 * stopped.
 */
package org.odap.cli.system;
