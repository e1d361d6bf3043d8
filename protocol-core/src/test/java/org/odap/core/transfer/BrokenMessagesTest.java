package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_PROFILE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CLAIM_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_EXPIRED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_KEY_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_MESSAGE_TYPE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PHASE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SEQUENCE_GAP;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SESSION_NOT_YOURS;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SESSION_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SIGNATURE_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_TERMS_CHANGED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED;

import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.TestKeys;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.Side.Taken;

/**
 * Every message of phases 1 to 3 and of rollback, at its place in a session, with one thing wrong:
 * it is refused by name, and nothing else happens (ODAP 5.2, 6 to 8).
 */
@Tag("ODAP-19")
class BrokenMessagesTest {
  private static final String OTHER_HASH = "12".repeat(32);
  private static final String OTHER_SESSION = "11111111-2222-4333-8444-555555555555";
  private static final String PROFILE_HASH = "envelope.payload_profile.hash_asset_profile";
  private static final int MEBIBYTE = 1 << 20;

  /** How a broken message is sealed. */
  enum Seal {
    /** Payload hash and signature fit the broken message: only its content is wrong. */
    RIGHT,
    /** Signed by a key that is no party's. */
    STRANGER,
    /** Signed as it is, with the payload hash it has. */
    SIGNATURE_ONLY,
    /** As the break left it. */
    NONE
  }

  /**
   * One way to break a message.
   *
   * @param at the time, UNIX milliseconds; 0 = when the whole message was taken
   * @param reason why it must be refused
   * @param field which field must be named
   */
  record Break(
      MessageType type,
      String what,
      UnaryOperator<Message> change,
      Seal seal,
      String peerPubkey,
      long at,
      ErrorReason reason,
      String field) {
    @Override
    public String toString() {
      return type + ": " + what;
    }
  }

  private static final class Table {
    private final List<Break> breaks = new ArrayList<>();
    private final MessageType type;

    Table(MessageType type) {
      this.type = type;
    }

    Table wrong(String path, Object value, ErrorReason reason) {
      return wrong(path, value, reason, path);
    }

    Table wrong(String path, Object value, ErrorReason reason, String field) {
      return add(
          path + " = " + brief(value), m -> Fields.set(m, path, value), Seal.RIGHT, reason, field);
    }

    Table missing(String... paths) {
      for (String path : paths) {
        add(
            path + " missing",
            m -> Fields.clear(m, path),
            Seal.RIGHT,
            ERROR_REASON_FIELD_MISSING,
            path);
      }
      return this;
    }

    Table late(String what, long at, ErrorReason reason, String field) {
      breaks.add(new Break(type, what, m -> m, Seal.NONE, peerKey(type), at, reason, field));
      return this;
    }

    Table add(
        String what, UnaryOperator<Message> change, Seal seal, ErrorReason reason, String field) {
      breaks.add(new Break(type, what, change, seal, peerKey(type), 0, reason, field));
      return this;
    }

    Stream<Break> stream() {
      return breaks.stream();
    }

    private static String brief(Object value) {
      String text = value.toString();
      return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
  }

  static Stream<Break> breaks() {
    return Stream.of(
            Places.types().stream().flatMap(BrokenMessagesTest::everyMessage),
            initiation(),
            lockEvidence(),
            commitment(),
            rollback())
        .flatMap(s -> s);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void isRefusedByNameAndNothingHappens(Break broken) {
    Taken place = Places.of(broken.type());
    OdapMessage whole = ((Input.Received) place.input()).message();
    Message changed =
        broken.seal() == Seal.NONE
            ? broken.change().apply(whole.protobuf())
            : seal(broken, broken.change().apply(whole.protobuf()));
    Observed before = Observed.of(place.before(), Bargain.TIMING);

    Step step =
        TransferMachine.decide(
            place.before(),
            new Input.Received(OdapMessage.of(changed), broken.peerPubkey()),
            Bargain.setting(place.before().role(), Bargain.Mood.AGREES),
            broken.at() == 0 ? place.now() : broken.at());

    assertThat(step).isInstanceOf(Step.Refused.class);
    Refusal refusal = ((Step.Refused) step).refusal();
    assertThat(refusal.reason()).as(refusal.description()).isEqualTo(broken.reason());
    assertThat(refusal.field()).as(refusal.description()).isEqualTo(broken.field());
    assertThat(Observed.of(place.before(), Bargain.TIMING)).isEqualTo(before);
  }

  /** What can be wrong with any message (ODAP 5.2). */
  private static Stream<Break> everyMessage(MessageType type) {
    Table table =
        new Table(type)
            .missing(
                "envelope.version",
                "envelope.session_id",
                "envelope.sequence_number",
                "envelope.odap_phase",
                "envelope.action_response",
                "message_type")
            .wrong("envelope.version.major", 1, ERROR_REASON_VERSION_UNSUPPORTED)
            .wrong("envelope.session_id", OTHER_SESSION, ERROR_REASON_SESSION_UNKNOWN)
            .wrong("envelope.session_id", "not-a-uuid", ERROR_REASON_FIELD_INVALID)
            .wrong("envelope.action_response", "?", ERROR_REASON_FIELD_INVALID)
            .wrong("envelope.payload", "{}", ERROR_REASON_FIELD_INVALID)
            .wrong(
                "message_type",
                "urn:ietf:odap:msgtype:recover-msg",
                ERROR_REASON_MESSAGE_TYPE_WRONG)
            .wrong("message_type", "x".repeat(MEBIBYTE), ERROR_REASON_MESSAGE_TOO_LARGE, "")
            .wrong(previousHash(type), "hash", ERROR_REASON_FIELD_INVALID)
            .add(
                "phase of another message",
                m ->
                    Fields.set(
                        m,
                        "envelope.odap_phase",
                        Fields.enumValue(
                            m,
                            "envelope.odap_phase",
                            type.phase().getNumber() == 4 ? 1 : type.phase().getNumber() + 1)),
                Seal.RIGHT,
                ERROR_REASON_PHASE_WRONG,
                "envelope.odap_phase")
            .add(
                "a field this version does not know",
                BrokenMessagesTest::withUnknownField,
                Seal.NONE,
                ERROR_REASON_FIELD_UNKNOWN,
                "")
            .add(
                "payload hash of another payload",
                m -> Fields.set(m, "envelope.payload_hash", OTHER_HASH),
                Seal.SIGNATURE_ONLY,
                ERROR_REASON_PAYLOAD_HASH_WRONG,
                "envelope.payload_hash")
            .add(
                "payload hash missing",
                m -> Fields.clear(m, "envelope.payload_hash"),
                Seal.SIGNATURE_ONLY,
                ERROR_REASON_FIELD_MISSING,
                "envelope.payload_hash")
            .add(
                "signature missing",
                m -> Fields.clear(m, "envelope.message_signature"),
                Seal.NONE,
                ERROR_REASON_FIELD_MISSING,
                "envelope.message_signature")
            .add(
                "signed by another key",
                m -> m,
                Seal.STRANGER,
                ERROR_REASON_SIGNATURE_INVALID,
                "envelope.message_signature")
            .add(
                "changed after it was signed",
                m -> Fields.set(m, "envelope.credential_block", "x"),
                Seal.NONE,
                ERROR_REASON_SIGNATURE_INVALID,
                "envelope.message_signature");
    table.breaks.add(
        new Break(
            type,
            "brought by another gateway",
            m -> m,
            Seal.NONE,
            TestKeys.STRANGER.publicKey(),
            0,
            ERROR_REASON_SESSION_NOT_YOURS,
            ""));
    sequence(table);
    links(table);
    keys(table);
    return table.stream();
  }

  private static void sequence(Table table) {
    boolean free =
        table.type == MessageType.INITIALIZATION_REQUEST || table.type == MessageType.ROLLBACK;
    if (!free) {
      table.wrong("envelope.sequence_number", 9, ERROR_REASON_SEQUENCE_GAP);
    }
    table.wrong("envelope.sequence_number", -1, ERROR_REASON_FIELD_INVALID);
  }

  private static void links(Table table) {
    if (table.type != MessageType.INITIALIZATION_REQUEST) {
      table.missing(previousHash(table.type));
    }
    table.wrong(previousHash(table.type), OTHER_HASH, ERROR_REASON_PREVIOUS_HASH_WRONG);
  }

  private static void keys(Table table) {
    String signature = table.type.request() ? "client_signature" : "server_signature";
    List<String> keys =
        table.type == MessageType.INITIALIZATION_REQUEST
            ? List.of("source_gateway_pubkey", "recipient_gateway_pubkey")
            : List.of("client_identity_pubkey", "server_identity_pubkey");
    if (!Fields.has(table.type, keys.getFirst())) {
      return;
    }
    for (String key : keys) {
      table
          .missing(key)
          .wrong(key, TestKeys.STRANGER.publicKey(), ERROR_REASON_KEY_WRONG)
          .wrong(key, TestKeys.ORIGINATOR, ERROR_REASON_FIELD_INVALID);
    }
    if (Fields.has(table.type, signature)) {
      table
          .add(
              signature + " missing",
              m -> Fields.clear(m, signature),
              Seal.NONE,
              ERROR_REASON_FIELD_MISSING,
              signature)
          .add(
              signature + " is not the envelope's",
              m -> Fields.set(m, signature, "A".repeat(86)),
              Seal.NONE,
              ERROR_REASON_SIGNATURE_INVALID,
              signature);
    }
  }

  private static Stream<Break> initiation() {
    Table request =
        new Table(MessageType.INITIALIZATION_REQUEST)
            .missing(
                "logging_profile",
                "access_control_profile",
                "source_gateway_dlt_system",
                "recipient_gateway_dlt_system",
                "escrow_type",
                "expiry_time",
                "origin",
                "asset",
                "asset.kind",
                "asset.asset_class",
                "asset.asset_id",
                "asset_profile",
                "asset_profile.profile_id",
                "asset_profile.issuer",
                "originator_pubkey",
                "beneficiary_pubkey",
                "commit_protocol",
                "signature_algorithms",
                "envelope.payload_profile")
            .wrong("asset.asset_id", "041", ERROR_REASON_FIELD_INVALID)
            .wrong("expiry_time", Messages.START, ERROR_REASON_EXPIRED)
            .wrong("expiry_time", Messages.START + 59_999, ERROR_REASON_EXPIRY_TOO_NEAR)
            .wrong(
                "asset_profile.issuer", "Someone", ERROR_REASON_ASSET_PROFILE_WRONG, PROFILE_HASH)
            .wrong(PROFILE_HASH, OTHER_HASH, ERROR_REASON_ASSET_PROFILE_WRONG)
            .wrong(
                "envelope.payload_profile.asset_profile_id",
                "urn:odap:profile:other",
                ERROR_REASON_ASSET_PROFILE_WRONG)
            .wrong("hashlock", OTHER_HASH, ERROR_REASON_FIELD_INVALID)
            .wrong("recipient_gateway_dlt_system", Messages.SENDER_DLT, ERROR_REASON_FIELD_INVALID);
    Table response =
        new Table(MessageType.INITIALIZATION_RESPONSE)
            .missing("timestamp", "processed_timestamp", "logging_profile", "signature_algorithm")
            .wrong("signature_algorithm", "RS256", ERROR_REASON_TERMS_CHANGED)
            .wrong("lock_claim_format", "urn:other", ERROR_REASON_TERMS_CHANGED)
            .wrong("lock_claim_format", "", ERROR_REASON_TERMS_CHANGED)
            .wrong("destination", "account-8", ERROR_REASON_TERMS_CHANGED)
            .wrong("processed_timestamp", 1L, ERROR_REASON_FIELD_INVALID);
    Table denied =
        new Table(MessageType.INITIALIZATION_DENIED)
            .missing("rejections", "timestamp", "processed_timestamp");
    return Stream.of(request, response, denied).flatMap(Table::stream);
  }

  private static Stream<Break> lockEvidence() {
    Table commence =
        new Table(MessageType.TRANSFER_COMMENCE)
            .missing(
                "originator_pubkey",
                "beneficiary_pubkey",
                "sender_dlt_system",
                "recipient_dlt_system",
                "hash_asset_profile")
            .wrong("originator_pubkey", TestKeys.BENEFICIARY, ERROR_REASON_TERMS_CHANGED)
            .wrong("beneficiary_pubkey", TestKeys.ORIGINATOR, ERROR_REASON_TERMS_CHANGED)
            .wrong("sender_dlt_system", "ethereum-2", ERROR_REASON_TERMS_CHANGED)
            .wrong("recipient_dlt_system", "ethereum-2", ERROR_REASON_TERMS_CHANGED)
            .wrong("asset_unit", "2", ERROR_REASON_TERMS_CHANGED)
            .wrong("hash_asset_profile", OTHER_HASH, ERROR_REASON_ASSET_PROFILE_WRONG)
            .late("after the expiry", Messages.EXPIRY, ERROR_REASON_EXPIRED, "");
    String claim = "lock_evidence_claim";
    Table evidence =
        claims(MessageType.LOCK_EVIDENCE, claim, 3)
            .missing("lock_evidence_expiration")
            .wrong("lock_evidence_expiration", Messages.EXPIRY + 1, ERROR_REASON_TERMS_CHANGED)
            .wrong(claim + ".lock_expiry", Messages.EXPIRY - 1_000, ERROR_REASON_CLAIM_WRONG)
            .wrong(claim + ".lock_expiry", Messages.EXPIRY + 1, ERROR_REASON_CLAIM_WRONG)
            .wrong(claim + ".asset.asset_class", "0xother", ERROR_REASON_CLAIM_WRONG)
            .wrong(claim + ".proof_format", "urn:other", ERROR_REASON_TERMS_CHANGED)
            .wrong("lock_claim_format", "urn:other", ERROR_REASON_TERMS_CHANGED)
            .late("after the expiry", Messages.EXPIRY, ERROR_REASON_EXPIRED, "");
    return Stream.of(commence, evidence).flatMap(Table::stream);
  }

  private static Stream<Break> commitment() {
    Table prepare =
        new Table(MessageType.COMMIT_PREPARE)
            .late(
                "too near the expiry",
                Messages.EXPIRY - Bargain.TIMING.commitMarginMillis() + 1,
                ERROR_REASON_EXPIRY_TOO_NEAR,
                "");
    Table preCommit =
        new Table(MessageType.PRE_COMMIT)
            .late(
                "too near the expiry",
                Messages.EXPIRY - Bargain.TIMING.commitMarginMillis() + 1,
                ERROR_REASON_EXPIRY_TOO_NEAR,
                "");
    Table commitFinal =
        claims(MessageType.COMMIT_FINAL, "commit_final_claim", 1)
            .wrong("commit_final_claim.asset.asset_class", "0xother", ERROR_REASON_CLAIM_WRONG)
            .wrong("commit_final_claim.reference", OTHER_HASH, ERROR_REASON_CLAIM_WRONG);
    Table finalAck = claims(MessageType.COMMIT_FINAL_ACK, "commit_acknowledgement_claim", 1);
    Table complete =
        new Table(MessageType.TRANSFER_COMPLETE)
            .missing("hash_transfer_commence")
            .wrong("hash_transfer_commence", OTHER_HASH, ERROR_REASON_PREVIOUS_HASH_WRONG);
    return Stream.of(prepare, preCommit, commitFinal, finalAck, complete).flatMap(Table::stream);
  }

  private static Stream<Break> rollback() {
    return new Table(MessageType.ROLLBACK).missing("reason").stream();
  }

  /** What can be wrong with a claim about a ledger step (ODAP 7.3, 8.3, 8.4). */
  private static Table claims(MessageType type, String claim, int otherStep) {
    return new Table(type)
        .missing(
            claim,
            claim + ".dlt_system",
            claim + ".transfer_id",
            claim + ".step",
            claim + ".asset",
            claim + ".account",
            claim + ".transaction_id")
        .wrong(claim + ".dlt_system", "ethereum-2", ERROR_REASON_CLAIM_WRONG)
        .wrong(claim + ".transfer_id", OTHER_SESSION, ERROR_REASON_CLAIM_WRONG)
        .wrong(claim + ".asset.asset_id", "42", ERROR_REASON_CLAIM_WRONG)
        .wrong(claim + ".account", "someone", ERROR_REASON_CLAIM_WRONG)
        .wrong(claim + ".finality.final", false, ERROR_REASON_CLAIM_NOT_FINAL, claim + ".finality")
        .add(
            "claim of another step",
            m -> Fields.set(m, claim + ".step", Fields.enumValue(m, claim + ".step", otherStep)),
            Seal.RIGHT,
            ERROR_REASON_CLAIM_WRONG,
            claim + ".step")
        .add(
            "claim of another kind of asset",
            m ->
                Fields.set(
                    Fields.set(m, claim + ".asset.amount", "41"),
                    claim + ".asset.kind",
                    Fields.enumValue(m, claim + ".asset.kind", 2)),
            Seal.RIGHT,
            ERROR_REASON_CLAIM_WRONG,
            claim + ".asset.kind");
  }

  private static Message withUnknownField(Message message) {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    return message.toBuilder().setUnknownFields(unknown).build();
  }

  private static Message seal(Break broken, Message message) {
    Role from = Places.of(broken.type()).before().role().peer();
    return switch (broken.seal()) {
      case RIGHT -> Fields.sign(Fields.hash(message), Bargain.signer(from));
      case STRANGER -> Fields.sign(message, TestKeys.STRANGER);
      case SIGNATURE_ONLY -> Fields.sign(message, Bargain.signer(from));
      case NONE -> message;
    };
  }

  private static String peerKey(MessageType type) {
    return Bargain.signer(Places.of(type).before().role().peer()).publicKey();
  }

  private static String previousHash(MessageType type) {
    return switch (type) {
      case INITIALIZATION_REQUEST, TRANSFER_COMMENCE, ROLLBACK -> "hash_prev_message";
      case INITIALIZATION_RESPONSE, INITIALIZATION_DENIED -> "hash_initialization_request";
      case TRANSFER_COMMENCE_ACK -> "hash_commence_request";
      case LOCK_EVIDENCE -> "hash_commence_ack_request";
      case LOCK_EVIDENCE_ACK -> "hash_lockevidence_request";
      case COMMIT_PREPARE -> "hash_lockevidence_ack";
      case COMMIT_PREPARE_ACK -> "hash_commitprep";
      case PRE_COMMIT, COMMIT_FINAL -> "hash_commitprepare_ack";
      case PRE_COMMIT_ACK -> "hash_precommit";
      case COMMIT_FINAL_ACK -> "hash_commitfinal";
      case TRANSFER_COMPLETE -> "hash_commit_final_ack";
      case TRANSFER_COMPLETE_ACK -> "hash_transfer_complete";
      case ROLLBACK_ACK -> "hash_rollback";
      case RECOVER, RECOVER_UPDATE, RECOVER_SUCCESS, RECOVER_ACK ->
          throw new IllegalArgumentException("no message of a transfer: " + type);
    };
  }
}
