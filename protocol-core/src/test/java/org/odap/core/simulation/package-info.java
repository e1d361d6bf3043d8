/** Long random runs of the real core over a simulated network, clock, log, disk and ledgers. */
package org.odap.core.simulation;
