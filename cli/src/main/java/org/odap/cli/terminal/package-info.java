/** Where output goes: a terminal that can be redrawn and colored, or plain lines. */
package org.odap.cli.terminal;
