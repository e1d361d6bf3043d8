/** A transfer's progress as one sees it: phases, messages, ledger steps (ODAP 4.4, ARCH 7, 8). */
package org.odap.cli.progress;
