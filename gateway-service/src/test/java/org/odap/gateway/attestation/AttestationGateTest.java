package org.odap.gateway.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.attestation.ResultToken;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.gateway.GatewayConfig.Attesting;
import org.odap.gateway.peer.Machine;
import org.odap.runtime.rpc.OdapException;

/** What a gateway makes of its counterparty's proof, of a missing one, and of none to be had. */
@Tag("ARCH-2")
@Tag("IT-8")
class AttestationGateTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final Duration RENEW_BEFORE = Duration.ofSeconds(30);
  private static final String BETA = "odapgw://beta.example/gateway-1";
  private static final Expected ABOUT = new Expected(BETA, "session-1", "a2V5");
  private static final Expected OTHER = new Expected(BETA, "session-2", "a2V5");
  private static final Quote QUOTE =
      Quote.newBuilder().setAttest(ByteString.copyFromUtf8("quoted")).build();

  private final FakeVerifier verifier = new FakeVerifier();
  private final BetasMachine machine = new BetasMachine();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** A machine that proves what it is asked to, unless it is told otherwise. */
  private static final class BetasMachine implements Machine {
    private final List<AttestGatewayRequest> quoted = new ArrayList<>();
    private final List<ProveAttestationKeyRequest> opened = new ArrayList<>();
    private Optional<ErrorReason> refusal = Optional.empty();

    @Override
    public Quote quote(AttestGatewayRequest request) {
      quoted.add(request);
      if (refusal.isPresent()) {
        throw new OdapException(refusal.get(), "not here");
      }
      return QUOTE;
    }

    @Override
    public ByteString secret(ProveAttestationKeyRequest request) {
      opened.add(request);
      return FakeVerifier.SECRET;
    }
  }

  @AfterEach
  void close() {
    verifier.close();
  }

  private AttestationGate gate(Attesting attesting) {
    verifier.affirms(NOW, 60_000);
    return new AttestationGate(
        gateway -> attesting,
        about -> machine,
        verifier.channel(),
        Duration.ofSeconds(20),
        RENEW_BEFORE,
        new AttestationMetrics(registry));
  }

  private double counted(String verdict) {
    return registry
        .get("odap.gateway.attestations")
        .tags("counterparty", BETA, "verdict", verdict)
        .counter()
        .count();
  }

  @Test
  void nobodyIsAskedWhereAttestationIsOff() {
    assertThat(gate(Attesting.OFF).of(ABOUT, NOW)).isEqualTo(new Standing.Fine(""));
    assertThat(verifier.challenges()).isZero();
    assertThat(machine.quoted).isEmpty();
  }

  @Test
  void theMachineAnswersTheVerifiersChallengeAndTheResultIsHandedOn() {
    Standing standing = gate(Attesting.REQUIRED).of(ABOUT, NOW);

    assertThat(standing).isEqualTo(new Standing.Fine(verifier.token(BETA, ABOUT.sessionId())));
    assertThat(machine.quoted)
        .singleElement()
        .satisfies(asked -> {
          assertThat(asked.getNonce()).isEqualTo(FakeVerifier.NONCE);
          assertThat(asked.getSessionId()).isEqualTo(ABOUT.sessionId());
          assertThat(asked.getPcrSelectionList()).isEqualTo(FakeVerifier.PCRS);
        });
    assertThat(machine.opened).hasSize(1);
    assertThat(verifier.appraised().getQuote()).isEqualTo(QUOTE);
    assertThat(verifier.appraised().getActivatedSecret()).isEqualTo(FakeVerifier.SECRET);
    assertThat(counted("affirmed")).isEqualTo(1);
  }

  @Test
  void aKeyThatIsKnownNeedNotProveWhereItLives() {
    verifier.knowsKey();

    assertThat(gate(Attesting.REQUIRED).of(ABOUT, NOW)).isInstanceOf(Standing.Fine.class);
    assertThat(machine.opened).isEmpty();
    assertThat(verifier.appraised().getActivatedSecret()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CAPABILITY_UNSUPPORTED, ATTESTATION_REQUIRED, absent",
    "PERMISSION_DENIED, ATTESTATION_REQUIRED, absent",
    "ATTESTATION_REFUSED, ATTESTATION_REFUSED, refused"
  })
  void aMachineThatProvesNothingIsRefusedWhereProofIsRequired(
      String answer, String refusal, String verdict) {
    machine.refusal = Optional.of(reason(answer));

    assertThat(gate(Attesting.REQUIRED).of(ABOUT, NOW))
        .isEqualTo(new Standing.Failed(reason(refusal), "the other gateway: not here"));
    assertThat(counted(verdict)).isEqualTo(1);
  }

  @Test
  void whatTheVerifierRefusesIsRefusedWithItsReason() {
    verifier.refuses(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED, "pcr_values[7]: value: 00");

    assertThat(gate(Attesting.REQUIRED).of(ABOUT, NOW))
        .isEqualTo(
            new Standing.Failed(
                ErrorReason.ERROR_REASON_ATTESTATION_REFUSED, "pcr_values[7]: value: 00"));
    assertThat(counted("refused")).isEqualTo(1);
  }

  /** Each way not to find it out: of the other gateway, of our verifier, by what it says. */
  @ParameterizedTest
  @CsvSource({
    "machine, the other gateway: not here",
    "verifier, our attestation service: too many",
    "gateway, sub: another gateway's",
    "session, odap.session: another session's",
    "long, a result too long",
    "nothing, token: not a JWT"
  })
  void whatCantBeFoundOutIsToBeAskedAgainAndIsNoObstacleWhereProofIsPreferred(
      String trouble, String words) {
    switch (trouble) {
      case "machine" -> machine.refusal = Optional.of(ErrorReason.ERROR_REASON_UNAVAILABLE);
      case "verifier" -> verifier.refuses(ErrorReason.ERROR_REASON_NOT_ACCEPTING, "too many");
      case "gateway" ->
          verifier.says(_ -> verifier.token("odapgw://gamma.example/gateway-1", ABOUT.sessionId()));
      case "session" -> verifier.says(_ -> verifier.token(BETA, "another"));
      case "long" -> verifier.says(token -> token + "A".repeat(16_384));
      default -> verifier.says(_ -> "yes");
    }
    AttestationGate required = gate(Attesting.REQUIRED);

    OdapException unknown =
        catchThrowableOfType(OdapException.class, () -> required.of(ABOUT, NOW));

    assertThat(unknown.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(unknown.description()).contains("attestation is not possible now", words);
    assertThat(counted("unknown")).isEqualTo(1);
    assertThat(gate(Attesting.PREFERRED).of(ABOUT, NOW)).isEqualTo(new Standing.Fine(""));
  }

  @ParameterizedTest
  @CsvSource({"CAPABILITY_UNSUPPORTED, absent", "ATTESTATION_REFUSED, refused"})
  void whatFailsGoesOnWithoutResultWhereProofIsPreferred(String answer, String verdict) {
    machine.refusal = Optional.of(reason(answer));

    assertThat(gate(Attesting.PREFERRED).of(ABOUT, NOW)).isEqualTo(new Standing.Fine(""));
    assertThat(counted(verdict)).isEqualTo(1);
  }

  @Test
  void aResultHoldsUntilShortlyBeforeItsEnd() {
    AttestationGate gate = gate(Attesting.REQUIRED);
    Standing first = gate.of(ABOUT, NOW);

    assertThat(gate.of(ABOUT, NOW + 29_999)).isEqualTo(first);
    assertThat(verifier.challenges()).isEqualTo(1);
    verifier.affirms(NOW + 30_000, 60_000);
    Standing renewed = gate.of(ABOUT, NOW + 30_000);

    assertThat(verifier.challenges()).isEqualTo(2);
    assertThat(renewed).isNotEqualTo(first);
    String token = ((Standing.Fine) renewed).result();
    assertThat(ResultToken.read(token).orElseThrow().expiresAtMillis()).isEqualTo(NOW + 90_000);
  }

  @Test
  void aResultIsForOneSessionAndOneKey() {
    AttestationGate gate = gate(Attesting.REQUIRED);
    var _ = gate.of(ABOUT, NOW);

    var _ = gate.of(OTHER, NOW);
    var _ = gate.of(new Expected(BETA, ABOUT.sessionId(), "b3RoZXI"), NOW);

    assertThat(verifier.challenges()).isEqualTo(3);
  }

  @Test
  void whoWasAwayIsAttestedAnewInThatSession() {
    AttestationGate gate = gate(Attesting.REQUIRED);
    var _ = gate.of(ABOUT, NOW);
    var _ = gate.of(OTHER, NOW);

    gate.forget(ABOUT.sessionId());

    machine.refusal = Optional.of(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED);
    assertThat(gate.of(ABOUT, NOW + 1)).isInstanceOf(Standing.Failed.class);
    assertThat(gate.of(OTHER, NOW + 1)).isInstanceOf(Standing.Fine.class);
  }

  @Test
  void aFailureHoldsForAMomentOnly() {
    AttestationGate gate = gate(Attesting.REQUIRED);
    machine.refusal = Optional.of(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED);
    var _ = gate.of(ABOUT, NOW);
    machine.refusal = Optional.empty();

    assertThat(gate.of(ABOUT, NOW + 1_999)).isInstanceOf(Standing.Failed.class);
    assertThat(verifier.challenges()).isEqualTo(1);
    assertThat(gate.of(ABOUT, NOW + 2_000)).isInstanceOf(Standing.Fine.class);
  }

  private static ErrorReason reason(String name) {
    return ErrorReason.valueOf("ERROR_REASON_" + name);
  }
}
