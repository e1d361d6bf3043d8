/** odap, the command line: demo, transfers, evidence, development PKI, benchmarks. */
package org.odap.cli;
