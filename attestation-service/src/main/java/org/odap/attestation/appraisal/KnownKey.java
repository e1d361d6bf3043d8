package org.odap.attestation.appraisal;

import org.odap.attestation.tpm.Attest.ClockInfo;

/**
 * An attestation key whose TPM has opened a credential, and what its quotes said last.
 *
 * <p>Invariant: of a name, (resetCount, restartCount) never go back.
 *
 * @param name the key's, lower-case hex
 * @param endorsementKeyHash of the TPM that opened the credential
 */
record KnownKey(
    String name,
    String endorsementKeyHash,
    long activatedAtMillis,
    long seenAtMillis,
    long clock,
    long resetCount,
    long restartCount,
    long firmwareVersion) {

  /** Refuses a quote that the TPM must have made before the last one. */
  void checkForward(ClockInfo now) throws RefusedException {
    counter("resetCount", now.resetCount(), resetCount);
    boolean isSameBoot = now.resetCount() == resetCount;
    if (isSameBoot) {
      counter("restartCount", now.restartCount(), restartCount);
    }
    // After a power cut the clock may be behind what it told; then the TPM says it is not safe.
    if (now.safe() || (isSameBoot && now.restartCount() == restartCount)) {
      counter("clock", now.clock(), clock);
    }
  }

  private static void counter(String field, long now, long before) throws RefusedException {
    if (Long.compareUnsigned(now, before) < 0) {
      throw RefusedException.value(
          "attest.clockInfo." + field,
          Long.toUnsignedString(now),
          "at least " + Long.toUnsignedString(before) + ", which this TPM said before");
    }
  }

  KnownKey seen(long nowMillis, ClockInfo clockInfo, long firmware) {
    return new KnownKey(
        name,
        endorsementKeyHash,
        activatedAtMillis,
        nowMillis,
        clockInfo.clock(),
        clockInfo.resetCount(),
        clockInfo.restartCount(),
        firmware);
  }
}
