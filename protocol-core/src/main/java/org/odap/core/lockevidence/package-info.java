/** Phase 2: the Lock-Evidence Verification flow (ODAP 7). */
package org.odap.core.lockevidence;
