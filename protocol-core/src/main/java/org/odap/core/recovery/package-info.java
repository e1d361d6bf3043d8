/**
 * The messages by which a gateway that was away agrees with its peer on a session (recovery-01
 * 4.3).
 */
package org.odap.core.recovery;
