package org.odap.core.attestation;

import org.odap.api.common.v1.ErrorReason;
import org.odap.core.attestation.ResultToken.Expected;

/**
 * Whether the other gateway's machine has proven what it is, as far as this gateway's owner wants
 * that (ARCH 6, before phase 2). For one decision the same arguments give the same answer.
 */
@FunctionalInterface
public interface Attestation {
  /** Nobody is asked for anything. */
  Attestation UNASKED = (about, now) -> new Standing.Fine("");

  /**
   * How the other gateway stands.
   *
   * @param about the gateway, in which session, with which key
   * @param now UNIX milliseconds
   * @throws RuntimeException when that can't be found out now; it is asked again
   */
  Standing of(Expected about, long now);

  /** How a gateway stands. */
  sealed interface Standing {
    /**
     * The transfer may go on.
     *
     * @param result what it goes on by; empty where none is needed, or none was got
     */
    record Fine(String result) implements Standing {}

    /**
     * It may not.
     *
     * @param reason ATTESTATION_REQUIRED where nothing was proven, ATTESTATION_REFUSED where what
     *     was proven is not enough
     */
    record Failed(ErrorReason reason, String description) implements Standing {}
  }
}
