package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.core.attestation.Attestation;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.TestKeys;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.Way;

/** What attestation does to a transfer: before phase 2, and never without a reason. */
@Tag("ARCH-2")
@Tag("IT-8")
class AttestationRulesTest {
  private static final long VALIDITY = 600_000;

  /** The session all these transfers have, as the sender sees it. */
  private static final Session SESSION = Places.ordered(Mood.AGREES).sender().transfer().session();

  /** A gate that tests set: what it says of the other gateway. */
  private static final class Gate implements Attestation {
    private final AtomicReference<Optional<Standing.Failed>> failure =
        new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<AttestationResult>> saying =
        new AtomicReference<>(Optional.empty());

    @Override
    public Standing of(Expected about, long now) {
      return failure
          .get()
          .<Standing>map(one -> one)
          .orElseGet(
              () -> new Standing.Fine(token(saying.get().orElseGet(() -> result(about, now)))));
    }

    void fails(ErrorReason reason) {
      failure.set(Optional.of(new Standing.Failed(reason, "pcr_values: PCR 4 is not as it was")));
    }

    void says(AttestationResult result) {
      saying.set(Optional.of(result));
    }
  }

  private final Gate sender = new Gate();
  private final Gate recipient = new Gate();
  private final TwoGateways gateways =
      new TwoGateways(Bargain.policy(Mood.AGREES), sender, recipient);

  private static AttestationResult result(Expected about, long now) {
    return new AttestationResult(
        "odapattestation://verifier.example/verifier",
        about.gateway(),
        about.sessionId(),
        ResultToken.keyHash(about.tlsPublicKey()),
        "bm9uY2U",
        // One for each minute.
        now / 60_000 * 60_000,
        now / 60_000 * 60_000 + VALIDITY,
        Map.of("hardware", 2),
        "policy",
        "aa",
        "bb",
        1,
        1);
  }

  private static String token(AttestationResult result) {
    return ResultToken.sign(result, List.of(), "test", bytes -> "c2lnbmVk");
  }

  @Test
  void bothResultsAreInTheMessages() {
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    assertThat(
            ResultToken.read(
                    gateways.sender().transfer().session().agreement().getAttestationResult())
                .orElseThrow()
                .gateway())
        .isEqualTo(gateways.sender().transfer().session().ownIdentity());
  }

  @ParameterizedTest
  @CsvSource({"ERROR_REASON_ATTESTATION_REQUIRED", "ERROR_REASON_ATTESTATION_REFUSED"})
  void aSenderThatIsNotAttestedIsDenied(ErrorReason reason) {
    recipient.fails(reason);
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason()).isEqualTo(reason);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getDescription())
        .contains("pcr_values: PCR 4 is not as it was");
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({"ERROR_REASON_ATTESTATION_REQUIRED", "ERROR_REASON_ATTESTATION_REFUSED"})
  void aRecipientThatIsNotAttestedAnyMoreGetsNoPhase2(ErrorReason reason) {
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    sender.fails(reason);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason()).isEqualTo(reason);
    assertThat(gateways.sender().transfer().session().sent(MessageType.TRANSFER_COMMENCE))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ERROR_REASON_ATTESTATION_REQUIRED", "ERROR_REASON_ATTESTATION_REFUSED"})
  void aSenderThatIsNotAttestedAnyMoreGetsNoPhase2(ErrorReason reason) {
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.send(Role.SENDER, Way.OPEN);
    recipient.fails(reason);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason()).isEqualTo(reason);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getDescription())
        .contains("pcr_values: PCR 4 is not as it was");
    assertThat(gateways.recipient().transfer().session().received(MessageType.TRANSFER_COMMENCE))
        .isEmpty();
  }

  @Test
  void anOrderThatWaitedIsNotProposedToAMachineThatFailsNow() {
    TwoGateways waiting = new TwoGateways(Bargain.policy(Mood.ORDER_ASKS_TWO), sender, recipient);
    waiting.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    waiting.take(Role.SENDER, new Input.Approved("first"));
    sender.fails(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED);
    waiting.take(Role.SENDER, new Input.Approved("second"));

    assertThat(waiting.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(waiting.recipient().log()).isEmpty();
  }

  @Test
  void anOrderThatWaitedIsProposedWithANewResult() {
    TwoGateways waiting = new TwoGateways(Bargain.policy(Mood.ORDER_ASKS_TWO), sender, recipient);
    waiting.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    waiting.take(Role.SENDER, new Input.Approved("first"));
    waiting.take(Role.SENDER, new Input.Approved("second"));

    InitializationRequest proposal = waiting.sender().transfer().session().proposal();
    assertThat(ResultToken.read(proposal.getAttestationResult()).orElseThrow().sessionId())
        .isEqualTo(waiting.sender().transfer().id());
  }

  /** The clocks have moved on between the phases, and so have the results. */
  @Test
  void newerResultsTravelWithTheFirstMessagesOfPhase2() {
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.send(Role.SENDER, Way.OPEN);
    recipient.says(
        result(
            new Expected(SESSION.ownIdentity(), SESSION.id(), TestKeys.SENDER.publicKey()),
            gateways.now() + 60_000));
    gateways.send(Role.SENDER, Way.OPEN);

    TransferCommence commence =
        gateways
            .recipient()
            .transfer()
            .session()
            .message(MessageType.TRANSFER_COMMENCE)
            .as(TransferCommence.class);
    TransferCommenceAck ack =
        gateways
            .sender()
            .transfer()
            .session()
            .message(MessageType.TRANSFER_COMMENCE_ACK)
            .as(TransferCommenceAck.class);
    assertThat(ResultToken.read(commence.getAttestationResult())).isPresent();
    assertThat(ResultToken.read(ack.getAttestationResult())).isPresent();
  }

  /** Whatever the verifier's service gives: each way to be about something else is seen. */
  @ParameterizedTest
  @CsvSource({
    "gateway, sub: another gateway's",
    "session, odap.session: another session's",
    "key, odap.tls-key-sha256",
    "ended, exp: the result has expired",
    "not yet, iat: in the future",
    "denied, ear.trustworthiness-vector"
  })
  void aResultThatIsAboutSomethingElseIsNone(String change, String words) {
    Expected right = new Expected(SESSION.ownIdentity(), SESSION.id(), TestKeys.SENDER.publicKey());
    AttestationResult good = result(right, gateways.now());
    recipient.says(
        switch (change) {
          case "gateway" ->
              result(
                  new Expected("odapgw://gamma.example/g", right.sessionId(), right.tlsPublicKey()),
                  gateways.now());
          case "session" ->
              result(new Expected(good.gateway(), "other", right.tlsPublicKey()), gateways.now());
          case "key" ->
              result(
                  new Expected(good.gateway(), good.sessionId(), TestKeys.STRANGER.publicKey()),
                  gateways.now());
          case "ended" -> result(right, gateways.now() - VALIDITY - 60_000);
          case "not yet" -> result(right, gateways.now() + 10 * VALIDITY);
          default ->
              new AttestationResult(
                  good.verifier(),
                  good.gateway(),
                  good.sessionId(),
                  good.tlsKeyHash(),
                  good.nonce(),
                  good.issuedAtMillis(),
                  good.expiresAtMillis(),
                  Map.of("hardware", 96),
                  good.policy(),
                  good.attestationKey(),
                  good.pcrDigest(),
                  1,
                  1);
        });
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.run();

    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getDescription())
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource({"another gateway, gateway", "another session, session", "another key, key"})
  void aResultAboutAnotherThatThePeerShowsIsNotTaken(String words, String change) {
    Expected right =
        new Expected(SESSION.peerIdentity(), SESSION.id(), TestKeys.RECIPIENT.publicKey());
    AttestationResult shown =
        switch (change) {
          case "gateway" ->
              result(
                  new Expected("odapgw://gamma.example/g", right.sessionId(), right.tlsPublicKey()),
                  gateways.now());
          case "session" ->
              result(new Expected(right.gateway(), "other", right.tlsPublicKey()), gateways.now());
          default ->
              result(
                  new Expected(right.gateway(), right.sessionId(), TestKeys.STRANGER.publicKey()),
                  gateways.now());
        };
    gateways.take(
        Role.SENDER, Bargain.order(Bargain.terms().setAttestationResult(token(shown)).build()));
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getDescription())
        .contains("attestation_result: about " + words);
  }
}
