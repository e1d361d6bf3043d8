package org.odap.attestation.challenge;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Challenges not answered yet. One is taken once: whatever comes of its answer, its nonce is gone.
 *
 * <p>Owns them, in memory: what a restart forgets is refused, never accepted twice. Ordered by age,
 * as all have the same validity. Guarded by this.
 */
public final class Challenges {
  /** Far above what gateways have open at a time; guards memory. */
  static final int OPEN_MAX = 10_000;

  private final Duration validity;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<ByteString, Challenge> open = new LinkedHashMap<>();

  /** None is open yet. */
  public Challenges(Duration validity, Clock clock) {
    this.validity = validity;
    this.clock = clock;
  }

  /** A new challenge; empty when too many are open. */
  public synchronized Optional<Challenge> create(
      String sessionId, String gateway, String tlsPublicKey, List<Integer> pcrs) {
    Instant now = clock.instant();
    open.values().removeIf(challenge -> !challenge.expiresAt().isAfter(now));
    if (open.size() >= OPEN_MAX) {
      return Optional.empty();
    }
    byte[] nonce = new byte[Binding.NONCE_BYTES];
    random.nextBytes(nonce);
    Binding binding = new Binding(ByteString.copyFrom(nonce), sessionId, gateway, tlsPublicKey);
    Challenge challenge = new Challenge(binding, pcrs, now.plus(validity));
    open.put(binding.nonce(), challenge);
    return Optional.of(challenge);
  }

  /** Takes a challenge out; the caller looks at its expiry. */
  public synchronized Optional<Challenge> take(ByteString nonce) {
    return Optional.ofNullable(open.remove(nonce));
  }

  /** How many are open or expired unnoticed. */
  public synchronized int size() {
    return open.size();
  }
}
