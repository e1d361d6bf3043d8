/** Kills the processes of a whole system at named log points, and audits what came of it. */
package org.odap.cli.crash;
