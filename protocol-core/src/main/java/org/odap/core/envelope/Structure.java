package org.odap.core.envelope;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_MESSAGE_TYPE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PHASE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.refusal.Refusal;

/**
 * The checks of a message's structure, in the order in which they refuse: cheap and telling first.
 */
final class Structure {
  /** Room for the largest proof a claim may hold; several times what a message needs. */
  static final int MAX_BYTES = 1 << 20;

  /** A recovery update holds the session's messages. */
  static final int MAX_UPDATE_BYTES = 3 << 20;

  private Structure() {}

  static Optional<Refusal> check(OdapMessage message) {
    return size(message)
        .or(() -> unknownFields(message))
        .or(() -> version(message))
        .or(() -> type(message))
        .or(() -> phase(message))
        .or(() -> FieldCheck.missing(message.protobuf(), ""))
        .or(() -> FieldCheck.malformed(message.protobuf(), ""))
        .or(() -> CrossRules.check(message))
        .or(() -> payloadHash(message));
  }

  private static Optional<Refusal> size(OdapMessage message) {
    int size = message.protobuf().getSerializedSize();
    int max = message.type() == MessageType.RECOVER_UPDATE ? MAX_UPDATE_BYTES : MAX_BYTES;
    return size > max
        ? refuse(
            ERROR_REASON_MESSAGE_TOO_LARGE, "", size + " bytes (expected: at most " + max + ")")
        : Optional.empty();
  }

  private static Optional<Refusal> unknownFields(OdapMessage message) {
    return UnknownFields.find(message.protobuf())
        .flatMap(path -> refuse(ERROR_REASON_FIELD_UNKNOWN, path, "holds a field not known here"));
  }

  private static Optional<Refusal> version(OdapMessage message) {
    int major = message.envelope().getVersion().getMajor();
    // No version at all is a missing field, and refused as that.
    return major != 0 && major != OdapMessage.VERSION.getMajor()
        ? refuse(
            ERROR_REASON_VERSION_UNSUPPORTED,
            "envelope.version.major",
            Integer.toUnsignedString(major) + " (expected: " + OdapMessage.VERSION.getMajor() + ")")
        : Optional.empty();
  }

  private static Optional<Refusal> type(OdapMessage message) {
    String urn = (String) message.protobuf().getField(message.type().messageTypeField());
    return !urn.isEmpty() && !urn.equals(message.type().urn())
        ? refuse(
            ERROR_REASON_MESSAGE_TYPE_WRONG,
            "message_type",
            "another type (expected: " + message.type().urn() + ")")
        : Optional.empty();
  }

  private static Optional<Refusal> phase(OdapMessage message) {
    return message.envelope().getOdapPhaseValue() != 0
            && message.envelope().getOdapPhase() != message.type().phase()
        ? refuse(
            ERROR_REASON_PHASE_WRONG,
            "envelope.odap_phase",
            message.envelope().getOdapPhase() + " (expected: " + message.type().phase() + ")")
        : Optional.empty();
  }

  private static Optional<Refusal> payloadHash(OdapMessage message) {
    try {
      boolean right =
          !message.hash().isEmpty()
              && message.envelope().getPayloadHash().equals(message.payloadHash());
      return right
          ? Optional.empty()
          : refuse(
              ERROR_REASON_PAYLOAD_HASH_WRONG,
              "envelope.payload_hash",
              "not the hash of the payload");
    } catch (IllegalArgumentException e) {
      // Text that is not Unicode (a lone surrogate out of JSON) has no canonical bytes.
      return refuse(ERROR_REASON_FIELD_INVALID, "", "has no canonical form: " + e.getMessage());
    }
  }

  private static Optional<Refusal> refuse(ErrorReason reason, String field, String description) {
    return Optional.of(new Refusal(reason, field, description));
  }
}
