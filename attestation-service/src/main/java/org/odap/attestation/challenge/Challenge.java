package org.odap.attestation.challenge;

import java.time.Instant;
import java.util.List;

/**
 * A question to a gateway's TPM.
 *
 * @param pcrs to be quoted, SHA-256 bank, ascending
 */
public record Challenge(Binding binding, List<Integer> pcrs, Instant expiresAt) {
  public Challenge {
    pcrs = List.copyOf(pcrs);
  }
}
