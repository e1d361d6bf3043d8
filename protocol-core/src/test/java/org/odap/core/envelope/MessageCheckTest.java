package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.common.v1.Version;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.core.refusal.Refusal;

@Tag("ODAP-19")
class MessageCheckTest {
  private static final UnknownFieldSet EXTRA =
      UnknownFieldSet.newBuilder()
          .addField(
              1_000,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFromUtf8("rides along"))
                  .build())
          .build();

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void aMessageThatIsTooLargeIsRefusedFirst(MessageType type) {
    String filling = "x".repeat(4_000_000);
    OdapMessage message =
        withEnvelope(type, envelope -> envelope.clearVersion().setPayload(filling));
    assertRefused(message, ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE, "");
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void anUnknownFieldIsRefusedWhereverItStands(MessageType type) {
    Message top = Messages.of(type).protobuf().toBuilder().setUnknownFields(EXTRA).build();
    assertThat(OdapMessage.of(top).hash()).isEqualTo(Messages.of(type).hash());
    assertRefused(OdapMessage.of(top), ErrorReason.ERROR_REASON_FIELD_UNKNOWN, "");
    assertRefused(
        withEnvelope(type, envelope -> envelope.setUnknownFields(EXTRA)),
        ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
        "envelope");
  }

  @Test
  void anUnknownFieldIsRefusedInListsAndInContentOfLogEntries() {
    InitializationRequest.Builder request = request().toBuilder();
    request.getHistoryBuilder(0).setUnknownFields(EXTRA);
    assertRefused(
        Messages.sign(request.build()), ErrorReason.ERROR_REASON_FIELD_UNKNOWN, "history[0]");

    Message logged =
        Messages.of(MessageType.TRANSFER_COMMENCE).protobuf().toBuilder()
            .setUnknownFields(EXTRA)
            .build();
    assertRefused(
        recoverUpdate(Any.pack(logged)),
        ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
        "entries[0].payload.content");
  }

  @Test
  void contentOfALogEntryThatCannotBeReadIsRefused() {
    Any unknownType = Any.newBuilder().setTypeUrl("type.googleapis.com/other.Type").build();
    Any malformed =
        Any.pack(Messages.of(MessageType.ROLLBACK).protobuf()).toBuilder()
            .setValue(ByteString.copyFromUtf8("no protobuf"))
            .build();
    for (Any content : new Any[] {unknownType, malformed}) {
      assertRefused(
          recoverUpdate(content),
          ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
          "entries[0].payload.content");
    }
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  @Tag("ODAP-1")
  void anotherVersionTypeOrPhaseIsRefused(MessageType type) {
    assertRefused(
        withEnvelope(type, envelope -> envelope.setVersion(Version.newBuilder().setMajor(3))),
        ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED,
        "envelope.version.major");

    Message mistyped =
        Messages.of(type).protobuf().toBuilder()
            .setField(
                type.field("message_type").orElseThrow(), "urn:ietf:odap:msgtype:something-else")
            .build();
    assertRefused(
        OdapMessage.of(mistyped), ErrorReason.ERROR_REASON_MESSAGE_TYPE_WRONG, "message_type");

    OdapPhase other =
        type.phase() == OdapPhase.ODAP_PHASE_COMMITMENT
            ? OdapPhase.ODAP_PHASE_INITIATION
            : OdapPhase.ODAP_PHASE_COMMITMENT;
    assertRefused(
        withEnvelope(type, envelope -> envelope.setOdapPhase(other)),
        ErrorReason.ERROR_REASON_PHASE_WRONG,
        "envelope.odap_phase");
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void aWrongPayloadHashIsRefused(MessageType type) {
    assertRefused(
        withEnvelope(type, envelope -> envelope.setPayloadHash("0".repeat(64))),
        ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG,
        "envelope.payload_hash");
  }

  @ParameterizedTest
  @CsvSource({
    "session_id, 0F8FAD5B-D9CB-469F-A165-70867728950E",
    "session_id, 00000000-0000-0000-0000-000000000000",
    "session_id, 0f8fad5b-d9cb-469f-a165",
    "resource_url, odapres://registry/gateway-b.example",
    "resource_url, https://registry/gateway-b.example/x",
    "resource_url, odapres://registry/gateway-b.example/dlt/../other",
    "developer_urn, odapclient:notary/gateway-a.example/titles",
    "action_response, DELETE",
    "payload, anything",
    "payload_hash, 80BCF1C7421E98B097264D1C6F1A514576D6C9F4EF04955FA3AEF1C0664B34E3"
  })
  @Tag("ODAP-1")
  void aMalformedEnvelopeIsRefused(String field, String value) {
    OdapMessage message =
        withEnvelope(
            MessageType.TRANSFER_COMMENCE,
            envelope -> envelope.setField(Envelope.getDescriptor().findFieldByName(field), value));
    assertRefused(message, ErrorReason.ERROR_REASON_FIELD_INVALID, "envelope." + field);
  }

  @Test
  @Tag("ODAP-1")
  void anAnswerMustHaveAResponseCode() {
    assertRefused(
        withEnvelope(
            MessageType.TRANSFER_COMMENCE_ACK, envelope -> envelope.setActionResponse("POST")),
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        "envelope.action_response");
  }

  @ParameterizedTest
  @CsvSource({
    "source_gateway_pubkey, AAAA",
    "originator_pubkey, AAAA",
    "source_gateway_dlt_system, 'a\nb'",
    "expiry_time, -1",
    "expiry_time, 253402300800000",
    "hash_prev_message, abc",
    "travel_rule_payload, 'with=padding='",
    "attestation_result, 'two.parts'",
    "attestation_result, 'with.padding.='",
  })
  void aMalformedProposalIsRefused(String field, String value) {
    var descriptor = InitializationRequest.getDescriptor().findFieldByName(field);
    Object typed = field.equals("expiry_time") ? (Object) Long.valueOf(value) : value;
    assertRefused(
        Messages.sign(request().toBuilder().setField(descriptor, typed).build()),
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        field);
  }

  @ParameterizedTest
  @CsvSource({"01", "-1", "1e3", "0x10", "''"})
  void anAssetIdMustBeADecimalUint256(String id) {
    InitializationRequest.Builder request = request().toBuilder();
    request.getAssetBuilder().setAssetId(id);
    assertThat(MessageCheck.structure(Messages.sign(request.build())))
        .get()
        .extracting(Refusal::field)
        .isEqualTo("asset.asset_id");
  }

  @Test
  void numbersEndAtTheirLastValue() {
    String last = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    String beyond =
        "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    assertThat(Form.UINT256.fits().test(last)).isTrue();
    assertThat(Form.UINT256.fits().test(beyond)).isFalse();
    assertThat(Form.UINT256.fits().test("0")).isTrue();
    assertThat(Form.POSITIVE_UINT256.fits().test("0")).isFalse();
    assertRefused(
        withEnvelope(MessageType.TRANSFER_COMMENCE, envelope -> envelope.setSequenceNumber(-1)),
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        "envelope.sequence_number");
  }

  @Test
  void fieldsThatDependOnOthersAreHeldAgainstThem() {
    InitializationRequest.Builder fungible = request().toBuilder();
    fungible.getAssetBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE);
    assertRefused(
        Messages.sign(fungible.build()), ErrorReason.ERROR_REASON_FIELD_MISSING, "asset.amount");

    InitializationRequest.Builder decimals = request().toBuilder();
    decimals.getAssetProfileBuilder().setDecimals(2);
    assertRefused(
        Messages.sign(decimals.build()),
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        "asset_profile.decimals");

    LockEvidence.Builder evidence =
        Messages.of(MessageType.LOCK_EVIDENCE).as(LockEvidence.class).toBuilder();
    evidence.getLockEvidenceClaimBuilder().getAssetBuilder().clearAssetId();
    assertRefused(
        Messages.sign(evidence.build()),
        ErrorReason.ERROR_REASON_FIELD_MISSING,
        "lock_evidence_claim.asset.asset_id");
  }

  @Test
  void theEnvelopeOfAProposalNamesAProfile() {
    InitializationRequest.Builder missing = request().toBuilder();
    missing.getEnvelopeBuilder().clearPayloadProfile();
    assertRefused(
        Messages.sign(missing.build()),
        ErrorReason.ERROR_REASON_FIELD_MISSING,
        "envelope.payload_profile");
  }

  /** JSON can spell a string that is not Unicode; it must not get as far as hashing. */
  @Test
  void textThatIsNotUnicodeIsRefused() {
    OdapMessage message =
        OdapMessage.of(
            Messages.of(MessageType.TRANSFER_COMMENCE).as(TransferCommence.class).toBuilder()
                .setClientTransferNumber("\ud83d")
                .build());
    assertRefused(message, ErrorReason.ERROR_REASON_FIELD_INVALID, "");
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void aSignatureIsRefusedUnderAnotherKey(MessageType type) {
    assertThat(MessageCheck.signature(Messages.of(type), TestKeys.STRANGER.publicKey()))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(ErrorReason.ERROR_REASON_SIGNATURE_INVALID, "envelope.message_signature");
  }

  /** Every given field is under the signature: changing any of them breaks it. */
  @Test
  void aSignatureIsRefusedWhateverFieldChanges() {
    assertThat(Place.all().filter(Place::isGiven).filter(place -> !isSignature(place)))
        .allSatisfy(place -> {
          OdapMessage changed = place.with(builder -> builder.clearField(place.field()));
          String key = Messages.signer(place.type()).publicKey();
          assertThat(changed.hash()).isNotEqualTo(Messages.of(place.type()).hash());
          assertThat(MessageCheck.signature(changed, key)).isPresent();
        });
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void theNamedSignatureMustBeTheEnvelopes(MessageType type) {
    String key = Messages.signer(type).publicKey();
    boolean named = type.phase() != OdapPhase.ODAP_PHASE_INITIATION;
    assertThat(type.namedSignature().isPresent()).isEqualTo(named);
    if (named) {
      var field = type.namedSignature().orElseThrow();
      String other =
          KeysAndSignaturesTest.otherSpelling(Messages.of(type).envelope().getMessageSignature());
      Message changed = Messages.of(type).protobuf().toBuilder().setField(field, other).build();
      assertThat(MessageCheck.signature(OdapMessage.of(changed), key))
          .get()
          .extracting(Refusal::reason, Refusal::field)
          .containsExactly(ErrorReason.ERROR_REASON_SIGNATURE_INVALID, field.getJsonName());
    }
  }

  @Test
  void aSignatureInAnotherEncodingIsRefused() {
    OdapMessage message = Messages.of(MessageType.TRANSFER_COMMENCE);
    String right = message.envelope().getMessageSignature();
    byte[] raw = Base64.getUrlDecoder().decode(right);
    String padded = Base64.getUrlEncoder().encodeToString(raw);
    String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
    String der =
        "MEUCIQDRhCN0rPYv1sCGmtYhK0bR0nqY8m2GkZ6x0S8o2kq8NwIgK7sY2dJ1o4mQpZ9w1bB0c3n5yJrVqM6lXfUuT8eHgAo";
    for (String wrong : new String[] {"", "?", padded, right.substring(0, 84), zeros, der}) {
      TransferCommence.Builder changed = message.as(TransferCommence.class).toBuilder();
      changed.setClientSignature(wrong).getEnvelopeBuilder().setMessageSignature(wrong);
      assertThat(
              MessageCheck.signature(OdapMessage.of(changed.build()), TestKeys.SENDER.publicKey()))
          .get()
          .extracting(Refusal::reason)
          .isEqualTo(ErrorReason.ERROR_REASON_SIGNATURE_INVALID);
    }
  }

  @Test
  void onlyMessagesBetweenGatewaysAreTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OdapMessage.of(Version.getDefaultInstance()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OdapMessage.unpack(Any.pack(Version.getDefaultInstance())));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            OdapMessage.of(DynamicMessage.getDefaultInstance(TransferCommence.getDescriptor())));
  }

  private static boolean isSignature(Place place) {
    return place.path().endsWith("_signature");
  }

  private static InitializationRequest request() {
    return Messages.of(MessageType.INITIALIZATION_REQUEST).as(InitializationRequest.class);
  }

  private static OdapMessage recoverUpdate(Any content) {
    RecoverUpdate.Builder update =
        Messages.of(MessageType.RECOVER_UPDATE).as(RecoverUpdate.class).toBuilder();
    LogEntry.Builder entry = update.getEntriesBuilder(0);
    entry.getPayloadBuilder().setContent(content);
    return OdapMessage.of(update.build());
  }

  /** The example with a changed envelope, its signature left as it was. */
  private static OdapMessage withEnvelope(MessageType type, Consumer<Envelope.Builder> change) {
    Envelope.Builder envelope = Messages.of(type).envelope().toBuilder();
    change.accept(envelope);
    return OdapMessage.of(
        Messages.of(type).protobuf().toBuilder()
            .setField(type.field("envelope").orElseThrow(), envelope.build())
            .build());
  }

  private static void assertRefused(OdapMessage message, ErrorReason reason, String field) {
    assertThat(MessageCheck.structure(message))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(reason, field);
  }
}
