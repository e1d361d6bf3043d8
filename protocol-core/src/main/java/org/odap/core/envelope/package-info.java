/**
 * Messages between gateways: their envelope, canonical form, hashes, signatures and checks (ODAP
 * 5.2, 6 to 8).
 */
package org.odap.core.envelope;
