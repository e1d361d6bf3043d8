package org.odap.core.envelope;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.refusal.Refusal;

/**
 * What a message must be before anyone looks at the session it belongs to (ODAP 5.2, 6 to 8):
 * whole, well formed, of the type it says, and signed.
 */
public final class MessageCheck {
  private MessageCheck() {}

  /** Checks everything that the message alone can show, except its signature. */
  public static Optional<Refusal> structure(OdapMessage message) {
    return Structure.check(message);
  }

  /**
   * Checks the signature against the key of the gateway that must have made the message, and that
   * client_signature or server_signature, where there is one, is the same. Asked after {@link
   * #structure}: only what is well formed has bytes that can be signed.
   */
  public static Optional<Refusal> signature(OdapMessage message, String publicKey) {
    String signature = message.envelope().getMessageSignature();
    Optional<FieldDescriptor> named = message.type().namedSignature();
    if (named.isPresent() && !message.protobuf().getField(named.get()).equals(signature)) {
      return Optional.of(
          new Refusal(
              ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
              named.get().getJsonName(),
              "the signature is not that of the envelope"));
    }
    if (!message.verifies(publicKey)) {
      return Optional.of(
          new Refusal(
              ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
              "envelope.message_signature",
              "the signature does not verify under the sender's key"));
    }
    return Optional.empty();
  }
}
