package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.odap.attestation.tpm.Credential;

/**
 * Credentials given out and not yet shown to be opened.
 *
 * <p>Owns their secrets, in memory: what a restart forgets is made anew. Guarded by this.
 */
final class Activations {
  private static final int OPEN_MAX = 10_000;
  private static final int SECRET_BYTES = 32;

  private final Duration validity;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Pending> open = new LinkedHashMap<>();

  private record Pending(String endorsementKeyHash, ByteString secret, Instant expiresAt) {}

  Activations(Duration validity, Clock clock) {
    this.validity = validity;
    this.clock = clock;
  }

  /** A credential for a key, instead of any former one; empty when too many are open. */
  synchronized Optional<Credential> create(AttestationKey key, Endorsement endorsement) {
    Instant now = clock.instant();
    open.values().removeIf(pending -> !pending.expiresAt().isAfter(now));
    if (open.size() >= OPEN_MAX) {
      return Optional.empty();
    }
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Pending pending =
        new Pending(endorsement.keyHash(), ByteString.copyFrom(secret), now.plus(validity));
    open.put(key.name(), pending);
    return Optional.of(
        Credential.make(endorsement.key(), key.area().name(), pending.secret(), random));
  }

  /** Takes the proof that a key lives in the TPM of an endorsement; a secret proves once. */
  synchronized void prove(AttestationKey key, Endorsement endorsement, ByteString secret)
      throws RefusedException {
    if (secret.isEmpty()) {
      throw new RefusedException(
          "activated_secret: missing: this attestation key is not known yet");
    }
    Pending pending =
        Optional.ofNullable(open.remove(key.name()))
            .orElseThrow(
                () -> new RefusedException("activated_secret: no credential is open for this key"));
    if (!pending.expiresAt().isAfter(clock.instant())) {
      throw new RefusedException("activated_secret: its credential has expired");
    }
    if (!pending.endorsementKeyHash().equals(endorsement.keyHash())) {
      throw new RefusedException("endorsement_key: not the one the credential was made for");
    }
    if (!MessageDigest.isEqual(pending.secret().toByteArray(), secret.toByteArray())) {
      throw new RefusedException("activated_secret: not the credential's");
    }
  }
}
