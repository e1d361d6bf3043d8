package org.odap.core.envelope;

import java.util.Optional;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.refusal.Refusal;

/** The checks of a message's structure, in the order in which they refuse. */
final class Structure {
  private Structure() {}

  static Optional<Refusal> check(OdapMessage message) {
    return version(message)
        .or(() -> type(message))
        .or(() -> phase(message))
        .or(() -> payloadHash(message));
  }

  private static Optional<Refusal> version(OdapMessage message) {
    Envelope envelope = message.envelope();
    if (envelope.hasVersion()
        && envelope.getVersion().getMajor() != OdapMessage.VERSION.getMajor()) {
      return refuse(
          ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED,
          "envelope.version",
          "major: "
              + envelope.getVersion().getMajor()
              + " (expected: "
              + OdapMessage.VERSION.getMajor()
              + ")");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> type(OdapMessage message) {
    String urn =
        (String) message.protobuf().getField(message.type().field("message_type").orElseThrow());
    if (!urn.isEmpty() && !urn.equals(message.type().urn())) {
      return refuse(
          ErrorReason.ERROR_REASON_MESSAGE_TYPE_WRONG,
          "message_type",
          "another type than expected: " + message.type().urn());
    }
    return Optional.empty();
  }

  private static Optional<Refusal> phase(OdapMessage message) {
    if (message.envelope().getOdapPhaseValue() != 0
        && message.envelope().getOdapPhase() != message.type().phase()) {
      return refuse(
          ErrorReason.ERROR_REASON_PHASE_WRONG,
          "envelope.odap_phase",
          message.envelope().getOdapPhase() + " (expected: " + message.type().phase() + ")");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> payloadHash(OdapMessage message) {
    if (!message.envelope().getPayloadHash().equals(message.payloadHash())) {
      return refuse(
          ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG,
          "envelope.payload_hash",
          "not the hash of the payload");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(ErrorReason reason, String field, String description) {
    return Optional.of(new Refusal(reason, field, description));
  }
}
