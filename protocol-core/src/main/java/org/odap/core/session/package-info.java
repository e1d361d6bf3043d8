/** A session: the run of a transfer between two gateways, as one of them has it (ODAP 3, 5.2). */
package org.odap.core.session;
