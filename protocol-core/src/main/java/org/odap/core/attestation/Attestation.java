package org.odap.core.attestation;

import java.util.HashMap;
import java.util.Map;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.attestation.ResultToken.Expected;

/**
 * Whether the other gateway's machine has proven what it is, as far as this gateway's owner wants
 * that (ARCH 6, before phase 2).
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

  /**
   * The same for one decision: who is asked again gets the first answer, whatever is found out in
   * between.
   */
  default Attestation forOneDecision() {
    Map<Expected, Standing> answers = new HashMap<>();
    return (about, now) -> answers.computeIfAbsent(about, one -> of(one, now));
  }

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
