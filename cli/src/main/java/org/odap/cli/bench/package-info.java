/** What transfers cost and how fast they go, beside what the machine's parts cost alone. */
package org.odap.cli.bench;
