package org.odap.core.envelope;

import static org.odap.core.envelope.FieldRule.list;
import static org.odap.core.envelope.FieldRule.map;
import static org.odap.core.envelope.FieldRule.optional;
import static org.odap.core.envelope.FieldRule.required;
import static org.odap.core.envelope.FieldRule.requiredList;
import static org.odap.core.envelope.Form.ACCOUNT_KEY;
import static org.odap.core.envelope.Form.ANYTHING;
import static org.odap.core.envelope.Form.CLIENT;
import static org.odap.core.envelope.Form.COUNTRY;
import static org.odap.core.envelope.Form.DATE;
import static org.odap.core.envelope.Form.EMPTY;
import static org.odap.core.envelope.Form.GATEWAY_KEY;
import static org.odap.core.envelope.Form.HASH;
import static org.odap.core.envelope.Form.ISSUER_SIGNATURE;
import static org.odap.core.envelope.Form.MILLIS;
import static org.odap.core.envelope.Form.NAMED;
import static org.odap.core.envelope.Form.PHASE;
import static org.odap.core.envelope.Form.POSITIVE_UINT256;
import static org.odap.core.envelope.Form.RESOURCE;
import static org.odap.core.envelope.Form.UINT256;
import static org.odap.core.envelope.Form.UUID;
import static org.odap.core.envelope.Form.VERSION_NUMBER;
import static org.odap.core.envelope.Form.atMost;
import static org.odap.core.envelope.Form.jwe;
import static org.odap.core.envelope.Form.jwt;
import static org.odap.core.envelope.Form.lines;
import static org.odap.core.envelope.Form.oneOf;
import static org.odap.core.envelope.Form.text;
import static org.odap.core.envelope.Form.uri;
import static org.odap.core.envelope.Form.url;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.common.v1.PayloadProfile;
import org.odap.api.common.v1.Version;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.EscrowAction;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.EncryptedKeyShare;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;

/**
 * The fields of all messages between gateways: which must be given, and what their values look
 * like. The schemas' comments say the same in words; a test holds the two together. Rules that
 * speak of two fields are in {@link CrossRules}.
 *
 * <p>Where the schema names no bound, {@link #NAME} is it: nothing in a message is without a limit.
 */
final class FieldRules {
  /** Ids, accounts and other names. */
  private static final Form NAME = text(256);

  private static final Form LEDGER = text(128);
  private static final Form DESCRIPTION = lines(1_024);

  private static final int PARTICIPANTS_MAX = 1_024;

  /** Malformed signatures are refused as wrong ones, with the reason for that. */
  private static final Form SIGNATURE = text(128);

  private static final Map<String, List<Bound>> TABLE = new HashMap<>();

  static {
    envelope();
    assets();
    participants();
    phase1();
    phase2();
    phase3();
    rollback();
    recovery();
    logEntries();
  }

  private FieldRules() {}

  /** Rules of a message's fields, in the order of the schema. */
  static List<Bound> of(Descriptor descriptor) {
    List<Bound> rules = TABLE.get(descriptor.getFullName());
    if (rules == null) {
      throw new IllegalArgumentException("no rules for " + descriptor.getFullName());
    }
    return rules;
  }

  private static void envelope() {
    table(Version.getDescriptor(), required("major", ANYTHING), optional("minor", ANYTHING));
    table(
        Envelope.getDescriptor(),
        required("version", ANYTHING),
        required("session_id", UUID),
        required("sequence_number", atMost(Integer.MAX_VALUE)),
        required("odap_phase", NAMED),
        optional("resource_url", RESOURCE),
        optional("developer_urn", CLIENT),
        required("action_response", text(64)),
        optional("credential_profile", NAMED),
        optional("credential_block", lines(16_384)),
        optional("payload_profile", ANYTHING),
        optional("application_profile", ANYTHING),
        optional("payload", EMPTY),
        required("payload_hash", HASH),
        required("message_signature", SIGNATURE));
    table(
        PayloadProfile.getDescriptor(),
        required("asset_profile_id", uri(256)),
        optional("hash_asset_profile", HASH),
        optional("provenance", uri(1_024)),
        list("capabilities", 32, text(64)));
    table(
        ApplicationProfile.getDescriptor(),
        optional("application_name", text(64)),
        map("parameters", 32, 128, text(1_024)));
  }

  private static void assets() {
    table(
        Asset.getDescriptor(),
        required("kind", NAMED),
        required("asset_class", text(256)),
        optional("asset_id", UINT256),
        optional("amount", POSITIVE_UINT256));
    table(
        AssetProfile.getDescriptor(),
        required("profile_id", uri(256)),
        required("profile_version", VERSION_NUMBER),
        required("kind", NAMED),
        required("issuer", text(256)),
        required("asset_code", text(64)),
        optional("asset_code_type", text(64)),
        optional("decimals", atMost(36)),
        optional("issuance_date", DATE),
        optional("expiration_date", DATE),
        optional("verification_endpoint", url(2_048)),
        optional("prospectus_link", url(2_048)),
        list("key_information_links", 16, url(2_048)),
        list("keywords", 32, text(64)),
        list("transfer_restrictions", 256, COUNTRY),
        list("ledger_requirements", 32, text(64)),
        optional("legal_status", NAMED),
        map("attributes", 64, 64, lines(4_096)),
        optional("issuer_signature", ISSUER_SIGNATURE));
    table(
        Finality.getDescriptor(),
        optional("final", ANYTHING),
        optional("rule", text(64)),
        optional("confirmations", ANYTHING),
        optional("nodes_asked", ANYTHING));
    table(
        LedgerClaim.getDescriptor(),
        required("dlt_system", LEDGER),
        required("transfer_id", UUID),
        required("step", NAMED),
        required("asset", ANYTHING),
        required("account", NAME),
        optional("lock_expiry", MILLIS),
        required("transaction_id", NAME),
        optional("block_number", ANYTHING),
        optional("block_hash", NAME),
        optional("reference", NAME),
        optional("finality", ANYTHING),
        optional("proof_format", text(128)),
        optional("proof", lines(262_144)),
        optional("log_anchor", ANYTHING));
    table(
        LogAnchor.getDescriptor(),
        required("seq_number", atMost(Integer.MAX_VALUE)),
        required("log_entry_hash", HASH));
  }

  private static void participants() {
    table(
        ParticipantGroup.getDescriptor(),
        required("dlt_system", LEDGER),
        requiredList("participants", PARTICIPANTS_MAX, ANYTHING),
        optional("faulty_max", atMost(PARTICIPANTS_MAX)),
        required("threshold", atMost(PARTICIPANTS_MAX)));
    table(
        Participant.getDescriptor(),
        required("index", atMost(PARTICIPANTS_MAX)),
        required("participant", uri(256)),
        required("pubkey", GATEWAY_KEY),
        required("encryption_key", GATEWAY_KEY));
    table(
        DealtKey.getDescriptor(),
        required("key_id", text(128)),
        required("public_key", text(128)),
        requiredList("commitments", PARTICIPANTS_MAX, text(64)),
        requiredList("shares", PARTICIPANTS_MAX, ANYTHING));
    table(
        EncryptedKeyShare.getDescriptor(),
        required("index", atMost(PARTICIPANTS_MAX)),
        required("encrypted_share", jwe(2_048)));
  }

  private static void phase1() {
    table(
        MessageType.INITIALIZATION_REQUEST,
        required("logging_profile", NAMED),
        required("access_control_profile", NAMED),
        required("source_gateway_pubkey", GATEWAY_KEY),
        required("source_gateway_dlt_system", text(128)),
        required("recipient_gateway_pubkey", GATEWAY_KEY),
        required("recipient_gateway_dlt_system", text(128)),
        required("escrow_type", NAMED),
        required("expiry_time", MILLIS),
        optional("multiple_claims_allowed", ANYTHING),
        optional("multiple_cancels_allowed", ANYTHING),
        list("permissions", 64, text(1_024)),
        required("origin", text(256)),
        optional("destination", NAME),
        list("subsequent_calls", 16, text(256)),
        list("history", 64, ANYTHING),
        required("asset", ANYTHING),
        required("asset_profile", ANYTHING),
        required("originator_pubkey", ACCOUNT_KEY),
        required("beneficiary_pubkey", ACCOUNT_KEY),
        required("commit_protocol", NAMED),
        list("lock_claim_formats", 16, text(128)),
        requiredList("signature_algorithms", 16, text(32)),
        optional("hash_prev_message", HASH),
        optional("hashlock", HASH),
        optional("travel_rule_payload", jwe(65_536)),
        optional("attestation_result", jwt(16_384)),
        optional("intertrust", ANYTHING));
    table(
        InterTrustProposal.getDescriptor(),
        required("hash_order", HASH),
        required("group", ANYTHING));
    table(
        InterTrustAgreement.getDescriptor(),
        required("group", ANYTHING),
        required("key", ANYTHING));
    table(
        EscrowAction.getDescriptor(),
        required("transaction_id", NAME),
        required("action_category", oneOf("lock", "unlock", "claim", "cancel", "finalize")),
        optional("origin", NAME),
        optional("destination", NAME),
        optional("balance", UINT256),
        optional("current_status", text(64)),
        map("action_lock_specific_parameters", 16, 64, text(1_024)));
    table(
        MessageType.INITIALIZATION_RESPONSE,
        required("hash_initialization_request", HASH),
        optional("destination", NAME),
        required("timestamp", MILLIS),
        required("processed_timestamp", MILLIS),
        required("logging_profile", NAMED),
        optional("lock_claim_format", text(128)),
        required("signature_algorithm", text(32)),
        optional("attestation_result", jwt(16_384)),
        optional("intertrust", ANYTHING));
    table(
        MessageType.INITIALIZATION_DENIED,
        required("hash_initialization_request", HASH),
        requiredList("rejections", 64, ANYTHING),
        optional("alternative", ANYTHING),
        required("timestamp", MILLIS),
        required("processed_timestamp", MILLIS));
    table(
        Rejection.getDescriptor(),
        required("field", text(128)),
        required("description", DESCRIPTION));
    table(
        Alternative.getDescriptor(),
        optional("escrow_type", NAMED),
        optional("expiry_time", MILLIS),
        optional("commit_protocol", NAMED),
        optional("logging_profile", NAMED),
        optional("access_control_profile", NAMED),
        list("lock_claim_formats", 16, text(128)),
        list("signature_algorithms", 16, text(32)),
        list("asset_profile_ids", 64, uri(256)));
  }

  private static void phase2() {
    table(
        MessageType.TRANSFER_COMMENCE,
        required("originator_pubkey", ACCOUNT_KEY),
        required("beneficiary_pubkey", ACCOUNT_KEY),
        required("sender_dlt_system", LEDGER),
        required("recipient_dlt_system", LEDGER),
        required("hash_asset_profile", HASH),
        optional("asset_unit", UINT256),
        required("hash_prev_message", HASH),
        optional("attestation_result", jwt(16_384)));
    table(
        MessageType.TRANSFER_COMMENCE_ACK,
        required("hash_commence_request", HASH),
        optional("attestation_result", jwt(16_384)));
    table(
        MessageType.LOCK_EVIDENCE,
        required("lock_evidence_claim", ANYTHING),
        optional("lock_claim_format", text(128)),
        required("lock_evidence_expiration", MILLIS),
        required("hash_commence_ack_request", HASH),
        optional("dealt_key", ANYTHING));
    table(
        MessageType.LOCK_EVIDENCE_ACK,
        required("hash_lockevidence_request", HASH),
        optional("unlock_claim", ANYTHING));
  }

  private static void phase3() {
    table(MessageType.COMMIT_PREPARE, required("hash_lockevidence_ack", HASH));
    table(MessageType.COMMIT_PREPARE_ACK, required("hash_commitprep", HASH));
    table(MessageType.PRE_COMMIT, required("hash_commitprepare_ack", HASH));
    table(MessageType.PRE_COMMIT_ACK, required("hash_precommit", HASH));
    table(
        MessageType.COMMIT_FINAL,
        required("commit_final_claim", ANYTHING),
        optional("commit_final_claim_format", text(128)),
        required("hash_commitprepare_ack", HASH));
    table(
        MessageType.COMMIT_FINAL_ACK,
        required("commit_acknowledgement_claim", ANYTHING),
        optional("commit_acknowledgement_claim_format", text(128)),
        required("hash_commitfinal", HASH));
    table(
        MessageType.TRANSFER_COMPLETE,
        required("hash_commit_final_ack", HASH),
        required("hash_transfer_commence", HASH));
    table(MessageType.TRANSFER_COMPLETE_ACK, required("hash_transfer_complete", HASH));
  }

  private static void rollback() {
    table(
        MessageType.ROLLBACK,
        required("hash_prev_message", HASH),
        required("reason", NAMED),
        optional("description", DESCRIPTION));
    table(MessageType.ROLLBACK_ACK, required("hash_rollback", HASH));
  }

  private static void recovery() {
    table(
        MessageType.RECOVER,
        required("hash_prev_message", HASH),
        required("log_length", atMost(Integer.MAX_VALUE)),
        required("last_entry_hash", HASH),
        optional("last_phase", PHASE),
        optional("last_step", atMost(Integer.MAX_VALUE)),
        optional("backup", ANYTHING),
        list("earlier_pubkeys", 64, GATEWAY_KEY));
    table(
        MessageType.RECOVER_UPDATE,
        required("hash_recover", HASH),
        list("entries", 64, ANYTHING),
        optional("disputed", ANYTHING));
    table(
        MessageType.RECOVER_SUCCESS,
        required("hash_recover_update", HASH),
        // Required, but false is an answer too.
        optional("success", ANYTHING),
        optional("entries_changed", atMost(Integer.MAX_VALUE)));
    table(MessageType.RECOVER_ACK, required("hash_recover_success", HASH));
  }

  private static void logEntries() {
    table(
        LogEntry.getDescriptor(),
        required("session_id", UUID),
        required("seq_number", atMost(Integer.MAX_VALUE)),
        required("odap_phase", PHASE),
        required("source_gateway_pubkey", GATEWAY_KEY),
        required("source_gateway_dlt_system", LEDGER),
        required("recipient_gateway_pubkey", GATEWAY_KEY),
        required("recipient_gateway_dlt_system", LEDGER),
        required("timestamp", ANYTHING),
        required("payload", ANYTHING),
        required("payload_hash", HASH),
        optional("logging_profile", NAMED),
        optional("source_gateway_uid", uri(1_024)),
        optional("recipient_gateway_uid", uri(1_024)),
        optional("message_signature", SIGNATURE),
        optional("last_entry_hash", HASH),
        optional("access_control_profile", NAMED),
        required("log_entry_hash", HASH),
        optional("ignorable", ANYTHING));
    table(
        LogPayload.getDescriptor(),
        required("message", text(64)),
        required("message_type", oneOf("2pc-log", "3pc-log", "backup", "session-log")),
        optional("votes", oneOf("none", "yes", "no")),
        required("step", atMost(Integer.MAX_VALUE)),
        required("operation", NAMED),
        required("gateways", oneOf("GS", "GR", "GS->GR", "GR->GS")),
        optional("content", ANYTHING),
        required("recorded_at", MILLIS));
  }

  /** A message between gateways: what all of them have, and its own fields. */
  private static void table(MessageType type, FieldRule... own) {
    List<FieldRule> rules = new ArrayList<>(List.of(own));
    rules.add(required("envelope", ANYTHING));
    rules.add(required("message_type", text(128)));
    for (FieldDescriptor field : type.descriptor().getFields()) {
      switch (field.getName()) {
        case "client_identity_pubkey", "server_identity_pubkey" ->
            rules.add(required(field.getName(), GATEWAY_KEY));
        case "client_transfer_number", "server_transfer_number" ->
            rules.add(optional(field.getName(), text(128)));
        case "client_signature", "server_signature" ->
            rules.add(required(field.getName(), SIGNATURE));
        default -> {}
      }
    }
    table(type.descriptor(), rules.toArray(FieldRule[]::new));
  }

  private static void table(Descriptor descriptor, FieldRule... rules) {
    List<Bound> bound = new ArrayList<>();
    for (FieldReader field : FieldReader.of(descriptor)) {
      String name = field.field().getName();
      List<FieldRule> matching =
          List.of(rules).stream().filter(rule -> rule.name().equals(name)).toList();
      if (matching.size() != 1) {
        throw new IllegalStateException(
            matching.size() + " rules for " + field.field().getFullName());
      }
      bound.add(Bound.of(field, matching.getFirst()));
    }
    if (bound.size() != rules.length) {
      throw new IllegalStateException(
          "rules for fields that are not in " + descriptor.getFullName());
    }
    TABLE.put(descriptor.getFullName(), List.copyOf(bound));
  }

  /**
   * A rule with the field it speaks of.
   *
   * @param nested whether its values are messages that have rules of their own
   */
  record Bound(FieldReader field, FieldRule rule, boolean nested) {
    static Bound of(FieldReader field, FieldRule rule) {
      boolean nested =
          field.type() == FieldDescriptor.Type.MESSAGE
              && !field.isMap()
              && OdapTypes.isOwn(field.field().getMessageType());
      return new Bound(field, rule, nested);
    }
  }
}
