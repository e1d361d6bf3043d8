/** Phase 3: the Commitment Establishment flow (ODAP 8). */
package org.odap.core.commitment;
