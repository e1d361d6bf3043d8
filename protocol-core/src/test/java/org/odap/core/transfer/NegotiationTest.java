package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.Initiation;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.Way;

/** What the two gateways agree on in phase 1, and that they are held to it (ODAP 6, ARCH 6). */
@Tag("ODAP-15")
class NegotiationTest {
  /** What the gateway fills in. */
  private static final Set<String> FILLED_IN =
      Set.of("envelope", "message_type", "hash_prev_message");

  @Test
  void everyParameterOfTheProposalReachesTheRecipientsLog() {
    InitializationRequest terms = Bargain.terms().build();
    InitializationRequest logged = proposed(terms).session().proposal();

    for (FieldDescriptor field : terms.getDescriptorForType().getFields()) {
      if (!FILLED_IN.contains(field.getName())) {
        assertThat(logged.getField(field)).as(field.getName()).isEqualTo(terms.getField(field));
      }
    }
    Envelope envelope = logged.getEnvelope();
    Envelope ordered = terms.getEnvelope();
    assertThat(envelope.getDeveloperUrn()).isEqualTo(ordered.getDeveloperUrn());
    assertThat(envelope.getResourceUrl()).isEqualTo(ordered.getResourceUrl());
    assertThat(envelope.getApplicationProfile()).isEqualTo(ordered.getApplicationProfile());
    assertThat(envelope.getPayloadProfile()).isEqualTo(ordered.getPayloadProfile());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNRECOGNIZED", "ESCROW_TYPE_UNSPECIFIED"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyKindOfEscrowCanBeAgreed(EscrowType type) {
    InitializationRequest.Builder terms =
        Bargain.terms().setEscrowType(type).setMultipleClaimsAllowed(true);
    boolean hashed =
        type == EscrowType.ESCROW_TYPE_HASHLOCK || type == EscrowType.ESCROW_TYPE_HASHTIMELOCK;
    if (hashed) {
      terms.setHashlock("ab".repeat(32));
    }

    Transfer recipient = proposed(terms.build());

    assertThat(recipient.state()).isEqualTo(RecipientState.AGREED);
    assertThat(recipient.session().proposal().getEscrowType()).isEqualTo(type);
  }

  @Test
  void aHashlockWithoutAHashIsRefused() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(
        Role.SENDER,
        Bargain.order(Bargain.terms().setEscrowType(EscrowType.ESCROW_TYPE_HASHLOCK).build()));
    gateways.send(Role.SENDER, Way.OPEN);

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);
    assertThat(gateways.recipient().log()).isEmpty();
  }

  @Test
  @Tag("ARCH-5")
  void theAnswerChoosesAmongWhatWasOffered() {
    InitializationRequest terms =
        Bargain.terms()
            .clearLockClaimFormats()
            .addAllLockClaimFormats(List.of("urn:best", Bargain.EVIDENCE_FORMAT))
            .clearSignatureAlgorithms()
            .addAllSignatureAlgorithms(List.of("ES256K", "ES256"))
            .build();

    InitializationResponse agreed = proposed(terms).session().agreement();

    assertThat(agreed.getLockClaimFormat()).isEqualTo(Bargain.EVIDENCE_FORMAT);
    assertThat(agreed.getSignatureAlgorithm()).isEqualTo("ES256");
  }

  @Test
  @Tag("ARCH-5")
  @Tag("ODAP-20")
  void theLockLastsAsLongAsTheLastRoundAgreed() {
    TwoGateways gateways = Places.ordered(Mood.WANTS_LONGER);
    gateways.run();

    long agreed = gateways.recipient().transfer().session().expiryTime();
    assertThat(agreed).isGreaterThan(Messages.EXPIRY);
    LockRequest lock =
        (LockRequest) gateways.sender().ledger().asked().get(LedgerStep.LEDGER_STEP_LOCK);
    assertThat(lock.getLockExpiry()).isEqualTo(agreed);
  }

  @Test
  @Tag("ARCH-5")
  void logsSayWhichCommitmentFlowWasAgreed() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(
        Role.SENDER,
        Bargain.order(
            Bargain.terms().setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE).build()));
    gateways.run();

    assertThat(gateways.recipient().log())
        .filteredOn(entry -> !entry.getOdapPhase().equals("p1"))
        .isNotEmpty()
        .allMatch(entry -> entry.getPayload().getMessageType().equals("3pc-log"));
  }

  @Test
  void aLaterRoundKeepsTheAsset() {
    TwoGateways gateways = Places.ordered(Mood.WANTS_LONGER);
    gateways.send(Role.SENDER, Way.OPEN);
    InitializationRequest.Builder other =
        gateways.sender().transfer().session().proposal().toBuilder();
    other.getAssetBuilder().setAssetId("42");

    Step step = gateways.take(Role.RECIPIENT, fromSender(other.build()));

    assertThat(((Step.Refused) step).refusal().reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TERMS_CHANGED);
  }

  @Test
  void thereAreNoMoreRoundsThanAllowed() {
    TwoGateways gateways = Places.ordered(Mood.HAGGLES);
    gateways.run();
    assertThat(gateways.sender().transfer().session().rounds()).isEqualTo(Initiation.ROUNDS_MAX);
    InitializationRequest.Builder next =
        gateways.sender().transfer().session().proposal().toBuilder()
            .setHashPrevMessage(gateways.sender().transfer().session().lastHash());
    next.getEnvelopeBuilder().setSequenceNumber(Initiation.ROUNDS_MAX + 1);

    Step step = gateways.take(Role.RECIPIENT, fromSender(next.build()));

    assertThat(((Step.Refused) step).refusal().reason())
        .isEqualTo(ErrorReason.ERROR_REASON_OUT_OF_ORDER);
  }

  @Test
  void somebodyMustNameTheAccountTheAssetGoesTo() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(Role.SENDER, Bargain.fungible());
    gateways.send(Role.SENDER, Way.ANSWER_LOST);
    OdapMessage answer =
        gateways
            .recipient()
            .transfer()
            .session()
            .sent(MessageType.INITIALIZATION_RESPONSE)
            .orElseThrow();
    OdapMessage nameless =
        OdapMessage.sign(
            answer.as(InitializationResponse.class).toBuilder().clearDestination().build(),
            Bargain.signer(Role.RECIPIENT));

    Step step =
        gateways.take(
            Role.SENDER, new Input.Received(nameless, Bargain.signer(Role.RECIPIENT).publicKey()));

    assertThat(((Step.Refused) step).refusal())
        .satisfies(refusal -> {
          assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_TERMS_CHANGED);
          assertThat(refusal.field()).isEqualTo("destination");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "approval, ERROR_REASON_DECLINED",
    "operation, ERROR_REASON_NOT_ACCEPTING",
    "limit, ERROR_REASON_LIMIT_EXCEEDED",
    "application_profile, ERROR_REASON_APPLICATION_PROFILE_UNSUPPORTED",
    "asset_profile, ERROR_REASON_ASSET_PROFILE_DENIED",
    "recipient_gateway_dlt_system, ERROR_REASON_LEDGER_UNKNOWN",
    "expiry_time, ERROR_REASON_INITIATION_DENIED"
  })
  void bothRecordsGiveTheSameReasonForADenial(String field, ErrorReason reason) {
    TwoGateways gateways = new TwoGateways(Bargain.rejecting("escrow_type", field));
    gateways.take(Role.SENDER, Bargain.unique());
    gateways.run();

    for (Side side : List.of(gateways.sender(), gateways.recipient())) {
      Failure failure = side.transfer().failure().orElseThrow();
      assertThat(failure.getReason()).isEqualTo(reason);
      assertThat(failure.getDescription()).isEqualTo("escrow_type: never; " + field + ": never");
    }
  }

  @Test
  @Tag("ODAP-16")
  @Tag("ODAP-17")
  void theClientsNumberIsEchoedInPhases2And3() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.run();

    for (MessageType type :
        List.of(
            MessageType.TRANSFER_COMMENCE,
            MessageType.LOCK_EVIDENCE,
            MessageType.COMMIT_PREPARE,
            MessageType.COMMIT_FINAL,
            MessageType.TRANSFER_COMPLETE)) {
      var message = gateways.recipient().transfer().session().message(type).protobuf();
      var number = message.getDescriptorForType().findFieldByName("client_transfer_number");
      assertThat(message.getField(number)).isEqualTo(Bargain.CLIENT_TRANSFER_NUMBER);
    }
  }

  /** The recipient's transfer after a first round with these terms. */
  private static Transfer proposed(InitializationRequest terms) {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(Role.SENDER, Bargain.order(terms));
    gateways.send(Role.SENDER, Way.OPEN);
    return gateways.recipient().transfer();
  }

  private static Input.Received fromSender(InitializationRequest request) {
    return new Input.Received(
        OdapMessage.sign(request, Bargain.signer(Role.SENDER)),
        Bargain.signer(Role.SENDER).publicKey());
  }
}
