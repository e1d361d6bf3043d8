/** Phase 1: the Transfer Initiation flow (ODAP 6). */
package org.odap.core.initiation;
