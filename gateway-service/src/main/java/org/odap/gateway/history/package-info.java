/** All transfers that the gateway's logs hold (recovery-01 3). */
package org.odap.gateway.history;
