package org.odap.gateway.attestation;

import io.grpc.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.attestation.Attestation;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.attestation.ResultToken.Judgement;
import org.odap.gateway.GatewayConfig.Attesting;
import org.odap.gateway.attestation.UnattestedException.Kind;
import org.odap.gateway.peer.Machine;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets transfers begin with gateways whose machines are attested, as the configuration wants it for
 * each counterparty (ARCH 6).
 *
 * <p>Owns what it has found out, in memory: who was attested before a restart is attested anew.
 */
public final class AttestationGate implements Attestation {
  /** So long a failure holds: within one decision, and for those that hammer at the door. */
  private static final Duration FAILURE_HOLDS = Duration.ofSeconds(2);

  /** As the messages' schema has it. */
  private static final int RESULT_CHARS_MAX = 16_384;

  private static final int KEPT_MAX = 10_000;
  private static final Logger log = LoggerFactory.getLogger(AttestationGate.class);

  private final Function<String, Attesting> wanted;
  private final Function<Expected, Machine> machines;
  private final Appraiser appraiser;
  private final Duration renewBefore;
  private final AttestationMetrics metrics;
  private final Map<Expected, Found> found = new ConcurrentHashMap<>();

  private record Found(Standing standing, long until) {}

  /**
   * A gate.
   *
   * @param wanted what is asked of a gateway, by its identity
   * @param machines the way to the machine that has a gateway's key, or throws UNAVAILABLE
   * @param verifier the own attestation service
   * @param deadline for each of its calls
   * @param renewBefore how long before its end a result is renewed
   */
  public AttestationGate(
      Function<String, Attesting> wanted,
      Function<Expected, Machine> machines,
      Channel verifier,
      Duration deadline,
      Duration renewBefore,
      AttestationMetrics metrics) {
    this.wanted = wanted;
    this.machines = machines;
    this.appraiser = new Appraiser(verifier, deadline);
    this.renewBefore = renewBefore;
    this.metrics = metrics;
  }

  @Override
  public Standing of(Expected about, long now) {
    Attesting attesting = wanted.apply(about.gateway());
    if (attesting == Attesting.OFF) {
      return new Standing.Fine("");
    }
    Optional<Standing> known =
        Optional.ofNullable(found.get(about)).filter(one -> one.until() > now).map(Found::standing);
    return known.orElseGet(() -> found(about, attesting, now));
  }

  /** The other gateway was away, or this one says so: its machine may have been started anew. */
  public void forget(String sessionId) {
    found.keySet().removeIf(about -> about.sessionId().equals(sessionId));
  }

  private Standing found(Expected about, Attesting attesting, long now) {
    Found one;
    try {
      AttestationResult result;
      String token = appraiser.attest(about, machines.apply(about));
      result = accepted(token, about, now);
      metrics.affirmed(about.gateway());
      logged(about, "affirmed", result.attestationKey());
      // One that ends within the margin is still good for the decision it was made for.
      long until = Math.max(now + 1, result.expiresAtMillis() - renewBefore.toMillis());
      one = new Found(new Standing.Fine(token), until);
    } catch (UnattestedException e) {
      metrics.failed(about.gateway(), e.kind());
      logged(about, e.kind().name(), String.valueOf(e.getMessage()));
      one = new Found(standing(attesting, e), now + FAILURE_HOLDS.toMillis());
    }
    if (found.size() >= KEPT_MAX) {
      found.values().removeIf(old -> old.until() <= now);
    }
    found.put(about, one);
    return one.standing();
  }

  /** The verifier's word is taken because it is ours; that it is about what was asked, is seen. */
  private static AttestationResult accepted(String token, Expected about, long now)
      throws UnattestedException {
    if (token.length() > RESULT_CHARS_MAX) {
      throw new UnattestedException(Kind.UNKNOWN, "our attestation service: a result too long");
    }
    return switch (ResultToken.unverified(token, about, now)) {
      case Judgement.Accepted accepted -> accepted.result();
      case Judgement.Refused refused ->
          throw new UnattestedException(
              Kind.UNKNOWN, "our attestation service's result: " + refused.reason());
    };
  }

  /**
   * How a gateway stands that was not attested.
   *
   * @throws OdapException UNAVAILABLE when it is required and can't be found out now
   */
  private static Standing standing(Attesting attesting, UnattestedException e) {
    String why = String.valueOf(e.getMessage());
    if (attesting == Attesting.PREFERRED) {
      return new Standing.Fine("");
    }
    return switch (e.kind()) {
      case ABSENT -> new Standing.Failed(ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED, why);
      case REFUSED -> new Standing.Failed(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED, why);
      case UNKNOWN ->
          throw new OdapException(
              ErrorReason.ERROR_REASON_UNAVAILABLE, "attestation is not possible now: " + why, e);
    };
  }

  private static void logged(Expected about, String verdict, String more) {
    (verdict.equals("affirmed") ? log.atInfo() : log.atWarn())
        .addKeyValue("counterparty", about.gateway())
        .addKeyValue("transfer", about.sessionId())
        .addKeyValue("verdict", verdict)
        .addKeyValue("detail", more)
        .log("counterparty's machine attested");
  }
}
