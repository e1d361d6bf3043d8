package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.quorum.Statements;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Side.Taken;
import org.odap.core.transfer.TwoGateways.LedgerWay;

/** The InterTrust mode on ODAP's messages: its course, and each of its rules broken once. */
class InterTrustTest {
  @Test
  @Tag("IT-2")
  @Tag("IT-4")
  @Tag("IT-5")
  void unlockIsSignedUponTheLockAndShownBeforePhase3() {
    TwoGateways gateways = ordered(ProofVerifier.UNVERIFIED);
    gateways.run();

    List<String> commands = HappyPathTest.commands(gateways.recipient());
    assertThat(commands.subList(3, 10))
        .containsExactly(
            "exec-commence",
            "ack-commence",
            "exec-lock-evidence",
            "exec-log-incoming",
            "done-log-incoming",
            "ack-lock-evidence",
            "exec-commit-prepare");
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);
    gateways.end();
  }

  /** Each side may be away at any point. */
  @ParameterizedTest
  @EnumSource(Role.class)
  @Tag("IT-5")
  void aSideThatCrashesAnywhereGoesOn(Role crashing) {
    for (int before = 1; before < 20; before++) {
      TwoGateways gateways = ordered(ProofVerifier.UNVERIFIED);
      for (int step = 0; step < before; step++) {
        gateways.ledger(Role.SENDER, LedgerWay.OPEN);
        gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
        gateways.send(step % 2 == 0 ? Role.SENDER : Role.RECIPIENT, TwoGateways.Way.OPEN);
      }
      gateways.crash(crashing);
      gateways.restart(crashing);
      gateways.run();
      assertThat(gateways.sender().transfer().state())
          .as("after %d steps", before)
          .isEqualTo(SenderState.COMPLETED);
      gateways.end();
    }
  }

  @Test
  @Tag("IT-5")
  void whenNothingComesUntilTheExpiryBothAbort() {
    TwoGateways gateways = ordered(ProofVerifier.UNVERIFIED);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.REQUEST_LOST);
    gateways.advance(Messages.EXPIRY - Messages.START);
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);
    assertThat(gateways.sender().ledger().holdsAsSource(gateways.now()))
        .isEqualTo(FakeLedger.Holding.FREE);
    gateways.end();
  }

  /** The other ledger does not want the asset: release. */
  @Test
  @Tag("IT-4")
  @Tag("IT-5")
  void whatTheOtherLedgerRefusesIsReleased() {
    TwoGateways gateways = ordered(ProofVerifier.UNVERIFIED);
    gateways.refuse(Role.RECIPIENT, Optional.of(ErrorReason.ERROR_REASON_ASSET_EXISTS));
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.refuse(Role.RECIPIENT, Optional.empty());
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(gateways.sender().ledger().holdsAsSource(gateways.now()))
        .isEqualTo(FakeLedger.Holding.FREE);
    gateways.end();
  }

  /** A gateway alone says that its ledger would take the asset. */
  @Test
  @Tag("IT-4")
  void anUnlockThatTheParticipantsDidNotSignIsNoneAndTheAssetIsReleased() {
    TwoGateways gateways =
        ordered((session, claim) ->
            claim.getStep() == LedgerStep.LEDGER_STEP_LOG_INCOMING
                ? Optional.of("nobody signed it")
                : Optional.empty());
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.ledger(Role.RECIPIENT, LedgerWay.OPEN);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    assertThat(gateways.drain())
        .anyMatch(line -> line.contains("CLAIM_WRONG (unlock_claim.proof)"));
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.EVIDENCING);

    gateways.advance(Messages.EXPIRY - Messages.START);
    gateways.run();
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    gateways.end();
  }

  @Test
  @Tag("IT-2")
  void participantsThatAreNotKnownHereSetNothingUp() {
    TwoGateways gateways = ordered(new Unknown());
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    assertThat(gateways.drain())
        .anyMatch(line -> line.contains("TERMS_CHANGED (intertrust.group)"));
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.PROPOSED);
  }

  /** Past the commit point it would be too late to find that out. */
  @Test
  @Tag("IT-2")
  void aFormatInWhichNoCreationCouldBeShownIsNotAgreedTo() {
    TwoGateways gateways =
        new TwoGateways(Bargain.policy(Mood.AGREES), new DealtOnly(Optional.of("the other way")));
    gateways.take(Role.SENDER, Bargain.unique());
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    assertThat(gateways.drain())
        .anyMatch(line -> line.contains("TERMS_CHANGED (lock_claim_format)"));
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.PROPOSED);
  }

  /** The same tx through other gateways, in another session, with other terms of the gateways. */
  @Test
  @Tag("IT-7")
  void theHashOfTxIsThatOfTheOrderWhicheverGatewaysBringIt() {
    InitializationRequest one = Members.terms().build();
    InitializationRequest.Builder other =
        one.toBuilder()
            .setSourceGatewayPubkey("another")
            .setRecipientGatewayPubkey("another")
            .setExpiryTime(1)
            .setHashPrevMessage("another");
    other.getEnvelopeBuilder().setSessionId("another").setPayloadHash("another");
    String hashTx = Statements.hashTx(one);
    assertThat(Statements.hashTx(other.build())).isEqualTo(hashTx).hasSize(64);
    for (String field :
        List.of(
            "source_gateway_dlt_system",
            "recipient_gateway_dlt_system",
            "origin",
            "destination",
            "asset.asset_id",
            "originator_pubkey",
            "beneficiary_pubkey",
            "intertrust.hash_order")) {
      Message changed = Fields.set(one, field, "another");
      assertThat(Statements.hashTx((InitializationRequest) changed)).as(field).isNotEqualTo(hashTx);
    }
  }

  /** One way to break a message of the mode. */
  record Break(
      MessageType type,
      String what,
      UnaryOperator<Message> change,
      ErrorReason reason,
      String field) {
    @Override
    public String toString() {
      return type + ": " + what;
    }
  }

  private static final ErrorReason INVALID = ErrorReason.ERROR_REASON_FIELD_INVALID;
  private static final ErrorReason MISSING = ErrorReason.ERROR_REASON_FIELD_MISSING;
  private static final ErrorReason CHANGED = ErrorReason.ERROR_REASON_TERMS_CHANGED;
  private static final ErrorReason SHARE = ErrorReason.ERROR_REASON_SHARE_INVALID;
  private static final ErrorReason CLAIM = ErrorReason.ERROR_REASON_CLAIM_WRONG;
  private static final String OTHER_FORMAT = Bargain.EVIDENCE_FORMAT;

  static Stream<Break> breaks() {
    List<Break> breaks = new ArrayList<>();
    MessageType request = MessageType.INITIALIZATION_REQUEST;
    breaks.add(cleared(request, "intertrust", MISSING, "intertrust"));
    breaks.add(set(request, "lock_claim_formats", OTHER_FORMAT, INVALID, "intertrust"));
    breaks.add(cleared(request, "intertrust.hash_order", MISSING, "intertrust.hash_order"));
    breaks.add(cleared(request, "intertrust.group", MISSING, "intertrust.group"));
    breaks.add(
        set(request, "intertrust.group.dlt_system", "x", CHANGED, "intertrust.group.dlt_system"));
    breaks.add(
        cleared(
            request, "intertrust.group.participants", MISSING, "intertrust.group.participants"));
    MessageType response = MessageType.INITIALIZATION_RESPONSE;
    breaks.add(cleared(response, "intertrust", MISSING, "intertrust"));
    breaks.add(cleared(response, "intertrust.key", MISSING, "intertrust.key"));
    breaks.add(
        set(response, "intertrust.group.dlt_system", "x", CHANGED, "intertrust.group.dlt_system"));
    broken(breaks, response, "intertrust.key");
    MessageType evidence = MessageType.LOCK_EVIDENCE;
    breaks.add(cleared(evidence, "dealt_key", MISSING, "dealt_key"));
    broken(breaks, evidence, "dealt_key");
    MessageType ack = MessageType.LOCK_EVIDENCE_ACK;
    breaks.add(cleared(ack, "unlock_claim", MISSING, "unlock_claim"));
    breaks.add(set(ack, "unlock_claim.dlt_system", "x", CLAIM, "unlock_claim.dlt_system"));
    breaks.add(set(ack, "unlock_claim.account", "x", CLAIM, "unlock_claim.account"));
    breaks.add(set(ack, "unlock_claim.asset.asset_id", "7", CLAIM, "unlock_claim.asset.asset_id"));
    breaks.add(
        new Break(
            ack,
            "another step",
            message ->
                Fields.set(
                    message,
                    "unlock_claim.step",
                    Fields.enumValue(message, "unlock_claim.step", 1)),
            CLAIM,
            "unlock_claim.step"));
    breaks.add(
        cleared(
            ack,
            "unlock_claim.finality",
            ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL,
            "unlock_claim.finality"));
    return breaks.stream();
  }

  private static void broken(List<Break> breaks, MessageType type, String key) {
    breaks.add(set(type, key + ".key_id", "x", SHARE, key + ".key_id"));
    breaks.add(set(type, key + ".commitments", "one", SHARE, key + ".commitments"));
    breaks.add(
        set(type, key + ".shares", Messages.dealtKey("x").getShares(1), SHARE, key + ".shares"));
    breaks.add(cleared(type, key + ".public_key", MISSING, key + ".public_key"));
  }

  private static Break set(
      MessageType type, String path, Object value, ErrorReason reason, String field) {
    return new Break(
        type, path + " = " + value, message -> Fields.set(message, path, value), reason, field);
  }

  private static Break cleared(MessageType type, String path, ErrorReason reason, String field) {
    return new Break(
        type, path + " missing", message -> Fields.clear(message, path), reason, field);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  @Tag("IT-2")
  @Tag("IT-4")
  void isRefusedByNameAndNothingHappens(Break broken) {
    TwoGateways gateways = ordered(ProofVerifier.UNVERIFIED);
    gateways.run();
    isRefused(gateways, broken);
  }

  /** What belongs to the mode has no place outside it. */
  @ParameterizedTest
  @EnumSource(names = {"INITIALIZATION_RESPONSE", "LOCK_EVIDENCE", "LOCK_EVIDENCE_ACK"})
  @Tag("IT-2")
  void outsideTheModeItsFieldsAreRefused(MessageType type) {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.run();
    String field =
        switch (type) {
          case INITIALIZATION_RESPONSE -> "intertrust";
          case LOCK_EVIDENCE -> "dealt_key";
          default -> "unlock_claim";
        };
    Message example = Messages.of(type).protobuf();
    Object given = example.getField(example.getDescriptorForType().findFieldByName(field));
    isRefused(gateways, set(type, field, given, INVALID, field));
  }

  private static void isRefused(TwoGateways gateways, Break broken) {
    Taken place =
        Stream.of(gateways.sender(), gateways.recipient())
            .flatMap(side -> side.history().stream())
            .filter(taken ->
                taken.input() instanceof Input.Received received
                    && received.message().type() == broken.type())
            .findFirst()
            .orElseThrow();
    OdapMessage whole = ((Input.Received) place.input()).message();
    Message changed = broken.change().apply(whole.protobuf());
    Message sealed =
        Fields.sign(Fields.hash(changed), Bargain.signer(place.before().role().peer()));

    Step step =
        TransferMachine.decide(
            place.before(),
            new Input.Received(
                OdapMessage.of(sealed), Bargain.signer(place.before().role().peer()).publicKey()),
            Bargain.setting(place.before().role(), Mood.AGREES),
            place.now());

    assertThat(step).isInstanceOf(Step.Refused.class);
    Refusal refusal = ((Step.Refused) step).refusal();
    assertThat(refusal.reason()).as(refusal.description()).isEqualTo(broken.reason());
    assertThat(refusal.field()).as(refusal.description()).isEqualTo(broken.field());
  }

  private static TwoGateways ordered(ProofVerifier proofs) {
    TwoGateways gateways = new TwoGateways(Bargain.policy(Mood.AGREES), proofs);
    gateways.take(Role.SENDER, Members.order());
    return gateways;
  }

  /** Knows no participants. */
  private static final class Unknown implements ProofVerifier {
    @Override
    public Optional<String> fault(Session session, LedgerClaim claim) {
      return Optional.empty();
    }

    @Override
    public Optional<String> fault(ParticipantGroup group) {
      return Optional.of("not those known of " + group.getDltSystem());
    }
  }

  /** Takes claims in one format alone. */
  private record DealtOnly(Optional<String> why) implements ProofVerifier {
    @Override
    public Optional<String> fault(Session session, LedgerClaim claim) {
      return Optional.empty();
    }

    @Override
    public Optional<String> fault(Session session, InitializationResponse agreement) {
      return why;
    }
  }
}
