package org.odap.quorum;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Optional;
import java.util.Set;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.UnknownFields;
import org.odap.runtime.identity.SigningKey;

/** Messages that participants sign with their own keys, in their field "signature". */
public final class Signed {
  private Signed() {}

  /** The message with a participant's signature. */
  @SuppressWarnings("unchecked") // A builder of a type builds that type.
  public static <T extends Message> T by(SigningKey key, T message) {
    return (T)
        message.toBuilder().setField(signatureField(message), key.sign(bytes(message))).build();
  }

  /** Whether the participant of an index signed the message, all of it. */
  public static boolean isBy(ParticipantGroup group, int index, Message message) {
    Optional<Participant> member = Groups.member(group, index);
    return member.isPresent()
        && UnknownFields.find(message).isEmpty()
        && Es256.verify(
            member.get().getPubkey(),
            bytes(message),
            (String) message.getField(signatureField(message)));
  }

  /** SHA-256 of the canonical message. */
  public static String hash(Message message) {
    return Hash.of(CanonicalJson.of(message));
  }

  private static byte[] bytes(Message message) {
    return CanonicalJson.without(message, Set.of(signatureField(message)));
  }

  private static FieldDescriptor signatureField(Message message) {
    return message.getDescriptorForType().findFieldByName("signature");
  }
}
