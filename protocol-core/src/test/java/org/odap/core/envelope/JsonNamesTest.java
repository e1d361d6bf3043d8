package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON of the messages has the drafts' names; the lists are copied from the drafts' text. */
@Tag("CARD-2")
class JsonNamesTest {
  /** ODAP 5.2, and the first lines of 6.1 and 6.2, in the spelling of the other fields. */
  @Test
  @Tag("ODAP-1")
  void theEnvelopeHasTheFieldsOfItsList() throws InvalidProtocolBufferException {
    JsonObject message = json(Messages.of(MessageType.INITIALIZATION_REQUEST).protobuf());
    assertThat(names(message.getAsJsonObject("envelope")))
        .containsExactlyInAnyOrder(
            "version",
            "session_id",
            "sequence_number",
            "odap_phase",
            "resource_url",
            "developer_urn",
            "action_response",
            "credential_profile",
            "payload_profile",
            "application_profile",
            "payload_hash",
            "message_signature");
    assertThat(MessageType.INITIALIZATION_REQUEST.field("envelope").orElseThrow().getMessageType())
        .satisfies(envelope -> {
          assertThat(envelope.findFieldByName("credential_block").getJsonName())
              .isEqualTo("credential_block");
          assertThat(envelope.findFieldByName("payload").getJsonName()).isEqualTo("payload");
        });
  }

  /**
   * Sections 7.1 to 8.5: all that the draft lists, and of our own the envelope and, where phase 2
   * begins, what attestation found (ARCH 6).
   */
  @ParameterizedTest
  @Tag("ODAP-16")
  @Tag("ODAP-17")
  @CsvSource({
    "TRANSFER_COMMENCE, originator_pubkey beneficiary_pubkey sender_dlt_system"
        + " recipient_dlt_system client_identity_pubkey server_identity_pubkey hash_asset_profile"
        + " asset_unit hash_prev_message client_transfer_number client_signature"
        + " attestation_result",
    "TRANSFER_COMMENCE_ACK, client_identity_pubkey server_identity_pubkey hash_commence_request"
        + " server_transfer_number server_signature attestation_result",
    "LOCK_EVIDENCE, client_identity_pubkey server_identity_pubkey lock_evidence_claim"
        + " lock_claim_format lock_evidence_expiration hash_commence_ack_request"
        + " client_transfer_number client_signature dealt_key",
    "LOCK_EVIDENCE_ACK, client_identity_pubkey server_identity_pubkey hash_lockevidence_request"
        + " server_transfer_number server_signature unlock_claim",
    "COMMIT_PREPARE, client_identity_pubkey server_identity_pubkey hash_lockevidence_ack"
        + " client_transfer_number client_signature",
    "COMMIT_PREPARE_ACK, client_identity_pubkey server_identity_pubkey hash_commitprep"
        + " server_transfer_number server_signature",
    "PRE_COMMIT, client_identity_pubkey server_identity_pubkey hash_commitprepare_ack"
        + " client_transfer_number client_signature",
    "PRE_COMMIT_ACK, client_identity_pubkey server_identity_pubkey hash_precommit"
        + " server_transfer_number server_signature",
    "COMMIT_FINAL, client_identity_pubkey server_identity_pubkey commit_final_claim"
        + " commit_final_claim_format hash_commitprepare_ack client_transfer_number"
        + " client_signature",
    "COMMIT_FINAL_ACK, client_identity_pubkey server_identity_pubkey"
        + " commit_acknowledgement_claim commit_acknowledgement_claim_format hash_commitfinal"
        + " server_transfer_number server_signature",
    "TRANSFER_COMPLETE, client_identity_pubkey server_identity_pubkey hash_commit_final_ack"
        + " hash_transfer_commence client_transfer_number client_signature"
  })
  void theMessagesOfPhases2And3HaveTheFieldsOfTheirLists(MessageType type, String fields)
      throws InvalidProtocolBufferException {
    List<String> expected = new ArrayList<>(List.of(fields.split(" ")));
    expected.add("message_type");
    expected.add("envelope");
    assertThat(names(json(Messages.of(type).protobuf())))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** ODAP 7 and 8: each message's type, letter for letter. */
  @ParameterizedTest
  @Tag("ODAP-16")
  @Tag("ODAP-17")
  @CsvSource({
    "TRANSFER_COMMENCE, urn:ietf:odap:msgtype:transfer-commence-msg",
    "TRANSFER_COMMENCE_ACK, urn:ietf:odap:msgtype:transfer-commenceack-msg",
    "LOCK_EVIDENCE, urn:ietf:odap:msgtype:lock-evidence-req-msg",
    "LOCK_EVIDENCE_ACK, urn:ietf:odap:msgtype:lock-evidence-ack-msg",
    "COMMIT_PREPARE, urn:ietf:odap:msgtype:commit-prepare-msg",
    "COMMIT_PREPARE_ACK, urn:ietf:odap:msgtype:commit-prepare-ack-msg",
    "PRE_COMMIT, urn:ietf:odap:msgtype:pre-commit-msg",
    "PRE_COMMIT_ACK, urn:ietf:odap:msgtype:pre-commit-ack-msg",
    "COMMIT_FINAL, urn:ietf:odap:msgtype:commit-final-msg",
    "COMMIT_FINAL_ACK, urn:ietf:odap:msgtype:commit-final-ack-msg",
    "TRANSFER_COMPLETE, urn:ietf:odap:msgtype:commit-transfer-complete-msg"
  })
  void messageTypesAreTheDrafts(MessageType type, String urn)
      throws InvalidProtocolBufferException {
    assertThat(json(Messages.of(type).protobuf()).get("message_type").getAsString()).isEqualTo(urn);
    assertThat(type.urn()).isEqualTo(urn);
  }

  /** ODAP 6.1 and 6.2 write their fields as titles; ours are the same words in snake case. */
  @ParameterizedTest
  @Tag("ODAP-15")
  @CsvSource({
    "INITIALIZATION_REQUEST, logging_profile",
    "INITIALIZATION_REQUEST, Access_control_profile",
    "INITIALIZATION_REQUEST, Source_gateway_pubkey",
    "INITIALIZATION_REQUEST, Source_gateway_dlt_system",
    "INITIALIZATION_REQUEST, Recipient_gateway_pubkey",
    "INITIALIZATION_REQUEST, Recipient_gateway_dlt_system",
    "INITIALIZATION_REQUEST, Escrow type",
    "INITIALIZATION_REQUEST, Expiry time",
    "INITIALIZATION_REQUEST, Multiple claims allowed",
    "INITIALIZATION_REQUEST, Multiple cancels allowed",
    "INITIALIZATION_REQUEST, Permissions",
    "INITIALIZATION_REQUEST, Origin",
    "INITIALIZATION_REQUEST, Destination",
    "INITIALIZATION_REQUEST, Subsequent calls",
    "INITIALIZATION_REQUEST, History",
    "INITIALIZATION_RESPONSE, Hash Initialization Request",
    "INITIALIZATION_RESPONSE, Destination",
    "INITIALIZATION_RESPONSE, Timestamp",
    "INITIALIZATION_RESPONSE, Processed Timestamp"
  })
  void theMessagesOfPhase1HaveTheFieldsOfTheirLists(MessageType type, String title) {
    String name = title.replace(' ', '_').toLowerCase(Locale.ROOT);
    assertThat(type.field(name))
        .hasValueSatisfying(field -> assertThat(field.getJsonName()).isEqualTo(name));
  }

  private static JsonObject json(Message message) throws InvalidProtocolBufferException {
    return JsonParser.parseString(JsonFormat.printer().print(message)).getAsJsonObject();
  }

  private static List<String> names(JsonObject object) {
    return List.copyOf(object.keySet());
  }
}
