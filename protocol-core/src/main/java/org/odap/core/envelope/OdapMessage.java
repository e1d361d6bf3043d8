package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.Version;

/**
 * A message between gateways with what its signature covers (ODAP 5.2, 6 to 8). Immutable. Messages
 * that differ in nothing but their signatures have the same hash.
 */
public final class OdapMessage {
  /** Protocol version of draft-hargreaves-odap-02 (ODAP 5.2). */
  static final Version VERSION = Version.newBuilder().setMajor(2).build();

  private final MessageType type;
  private final Message message;
  private final Envelope envelope;
  private final Memo<SignedForm> form = new Memo<>(this::signedForm);
  private final Memo<Canonical> canonical = new Memo<>(this::canonical);
  private final Memo<String> payloadHash = new Memo<>(() -> Hash.of(form().payload()));

  private OdapMessage(Message message) {
    this.type = MessageType.of(message);
    this.message = message;
    this.envelope = (Envelope) message.getField(type.envelopeField());
  }

  /** Wraps a message between gateways; anything else is an IllegalArgumentException. */
  public static OdapMessage of(Message message) {
    return new OdapMessage(message);
  }

  /**
   * Completes a draft and signs it: message type, phase, version, action or response code where the
   * draft has none, payload hash, and the signature both in the envelope and where ODAP 7 and 8
   * name one.
   */
  public static OdapMessage sign(Message draft, Signer signer) {
    MessageType type = MessageType.of(draft);
    Message.Builder message = draft.toBuilder().setField(type.messageTypeField(), type.urn());
    SignedForm form = new SignedForm(type, message.build());
    Envelope.Builder envelope =
        ((Envelope) draft.getField(type.envelopeField()))
            .toBuilder()
                .setVersion(VERSION)
                .setOdapPhase(type.phase())
                .setPayloadHash(Hash.of(form.payload()));
    if (envelope.getActionResponse().isEmpty()) {
      envelope.setActionResponse(type.request() ? "POST" : "200");
    }
    String signature = signer.sign(form.whole(envelope.build()));
    type.namedSignature().ifPresent(field -> message.setField(field, signature));
    message.setField(type.envelopeField(), envelope.setMessageSignature(signature).build());
    return of(message.build());
  }

  /** Whether the content of a log entry is a message between gateways. */
  public static boolean isIn(Any any) {
    return MessageType.named(OdapTypes.name(any)).isPresent();
  }

  /** Takes a message out of a log entry; what is none is an IllegalArgumentException. */
  public static OdapMessage unpack(Any any) {
    String name = OdapTypes.name(any);
    MessageType type =
        MessageType.named(name)
            .orElseThrow(
                () -> new IllegalArgumentException(name + " is no message between gateways"));
    try {
      return of(type.prototype().getParserForType().parseFrom(any.getValue()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("malformed " + name, e);
    }
  }

  /** The message as content of a log entry. */
  public Any pack() {
    return Any.pack(message);
  }

  public Message protobuf() {
    return message;
  }

  /** The message as what it is; another type than its own is a ClassCastException. */
  public <T extends Message> T as(Class<T> messageClass) {
    return messageClass.cast(message);
  }

  public MessageType type() {
    return type;
  }

  public Envelope envelope() {
    return envelope;
  }

  /** The transfer's id (ODAP 5.2 "Session ID"). */
  public String sessionId() {
    return envelope.getSessionId();
  }

  public int sequenceNumber() {
    return envelope.getSequenceNumber();
  }

  /** SHA-256 of the canonical bytes: what the next message names as its predecessor. */
  public String hash() {
    return canonical.get().hash();
  }

  /** SHA-256 of the canonical message without envelope and signatures, as it should be. */
  public String payloadHash() {
    return payloadHash.get();
  }

  /** The bytes the signature covers: the canonical message without its signature fields. */
  public byte[] canonicalBytes() {
    return canonical.get().bytes().clone();
  }

  /** Hash of the message before this one as this one states it, or "". */
  public String previousHash() {
    return (String) message.getField(type.previousHashField());
  }

  /** Key of the gateway that asks: client_identity_pubkey or source_gateway_pubkey; else "". */
  public String clientPubkey() {
    return text(
        type == MessageType.INITIALIZATION_REQUEST
            ? "source_gateway_pubkey"
            : "client_identity_pubkey");
  }

  /**
   * Key of the gateway that answers: server_identity_pubkey or recipient_gateway_pubkey; else "".
   */
  public String serverPubkey() {
    return text(
        type == MessageType.INITIALIZATION_REQUEST
            ? "recipient_gateway_pubkey"
            : "server_identity_pubkey");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OdapMessage that && message.equals(that.message);
  }

  @Override
  public int hashCode() {
    return message.hashCode();
  }

  /** For people; without keys, signatures and payloads. */
  @Override
  public String toString() {
    return type + " " + sessionId() + "#" + sequenceNumber();
  }

  boolean verifies(String publicKey) {
    return Es256.verify(publicKey, canonical.get().bytes(), envelope.getMessageSignature());
  }

  private String text(String fieldName) {
    return type.field(fieldName).map(field -> (String) message.getField(field)).orElse("");
  }

  private SignedForm form() {
    return form.get();
  }

  private SignedForm signedForm() {
    return new SignedForm(type, message);
  }

  private Canonical canonical() {
    // A message without envelope is refused, but until then it has a hash like any other.
    byte[] bytes =
        message.hasField(type.envelopeField()) ? form().whole(envelope) : form().payload();
    return new Canonical(bytes, Hash.of(bytes));
  }

  @SuppressWarnings("ArrayRecordComponent") // Private, and copied where it leaves.
  private record Canonical(byte[] bytes, String hash) {}
}
