package org.odap.core.envelope;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Set;
import java.util.function.Predicate;
import org.odap.api.common.v1.Envelope;

/**
 * The canonical JSON of a message without its signatures, in the pieces its hashes need: what
 * stands before the envelope, and what behind it. Both pieces are written once, although they are
 * hashed twice, as the payload and as part of the whole (ODAP 5.2).
 */
final class SignedForm {
  private static final Set<FieldDescriptor> SIGNATURE =
      Set.of(Envelope.getDescriptor().findFieldByName("message_signature"));
  private static final String ENVELOPE = "envelope";

  private final byte[] before;
  private final byte[] behind;

  SignedForm(MessageType type, Message message) {
    Predicate<FieldDescriptor> payload =
        field -> field != type.envelopeField() && !isNamedSignature(type, field);
    before =
        CanonicalJson.members(
            message, payload.and(field -> field.getJsonName().compareTo(ENVELOPE) < 0));
    behind =
        CanonicalJson.members(
            message, payload.and(field -> field.getJsonName().compareTo(ENVELOPE) > 0));
  }

  private static boolean isNamedSignature(MessageType type, FieldDescriptor field) {
    return type.namedSignature().isPresent() && type.namedSignature().get() == field;
  }

  /** The canonical message without envelope. */
  byte[] payload() {
    JsonBuffer out = new JsonBuffer(before.length + behind.length + 3);
    out.ascii('{');
    out.raw(before);
    if (before.length > 0 && behind.length > 0) {
      out.ascii(',');
    }
    out.raw(behind);
    out.ascii('}');
    return out.toByteArray();
  }

  /** The canonical message with this envelope: the bytes that are signed. */
  byte[] whole(Envelope envelope) {
    byte[] inEnvelope = CanonicalJson.members(envelope, field -> !SIGNATURE.contains(field));
    JsonBuffer out = new JsonBuffer(before.length + inEnvelope.length + behind.length + 20);
    out.ascii('{');
    if (before.length > 0) {
      out.raw(before);
      out.ascii(',');
    }
    out.string(ENVELOPE);
    out.raw(":{");
    out.raw(inEnvelope);
    out.ascii('}');
    if (behind.length > 0) {
      out.ascii(',');
      out.raw(behind);
    }
    out.ascii('}');
    return out.toByteArray();
  }
}
