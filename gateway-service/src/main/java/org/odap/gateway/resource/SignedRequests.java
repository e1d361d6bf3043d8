package org.odap.gateway.resource;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Set;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.common.v1.Version;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Signer;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.OdapException;

/**
 * Hashes and signatures of requests and answers on resources (ODAP 5.2). A client is known by its
 * connection or token, so it may leave both out; the gateway gives both.
 */
final class SignedRequests {
  private static final Version VERSION = Version.newBuilder().setMajor(2).build();

  private SignedRequests() {}

  static void check(Message request, Envelope envelope, Caller caller) {
    if (!envelope.getPayloadHash().isEmpty()
        && !envelope.getPayloadHash().equals(payloadHash(request))) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG,
          "envelope.payload_hash: not the SHA-256 of the canonical request without envelope");
    }
    if (envelope.getMessageSignature().isEmpty()) {
      return;
    }
    boolean isOwnKey = caller.scheme() == CredentialScheme.CREDENTIAL_SCHEME_X509;
    if (!isOwnKey
        || !Es256.verify(caller.publicKey(), signed(request), envelope.getMessageSignature())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
          isOwnKey
              ? "envelope.message_signature: not by the key of the caller's certificate"
              : "envelope.message_signature: a caller known by a token has no key to sign with");
    }
  }

  /** The answer, with the envelope of its request turned around, hashed and signed. */
  static <M extends Message> M answer(M answer, Envelope request, String code, Signer signer) {
    Envelope.Builder envelope =
        Envelope.newBuilder()
            .setVersion(VERSION)
            .setSessionId(request.getSessionId())
            .setSequenceNumber(request.getSequenceNumber())
            .setOdapPhase(OdapPhase.ODAP_PHASE_NONE)
            .setResourceUrl(request.getResourceUrl())
            .setDeveloperUrn(request.getDeveloperUrn())
            .setActionResponse(code)
            .setCredentialProfile(CredentialScheme.CREDENTIAL_SCHEME_X509)
            .setPayloadHash(payloadHash(answer));
    M unsigned = with(answer, envelope.build());
    envelope.setMessageSignature(signer.sign(CanonicalJson.of(unsigned)));
    return with(answer, envelope.build());
  }

  private static String payloadHash(Message message) {
    return Hash.of(CanonicalJson.without(message, Set.of(envelopeField(message))));
  }

  private static byte[] signed(Message message) {
    Envelope envelope = (Envelope) message.getField(envelopeField(message));
    return CanonicalJson.of(with(message, envelope.toBuilder().clearMessageSignature().build()));
  }

  @SuppressWarnings("unchecked") // A builder of M builds an M.
  private static <M extends Message> M with(M message, Envelope envelope) {
    return (M) message.toBuilder().setField(envelopeField(message), envelope).build();
  }

  private static FieldDescriptor envelopeField(Message message) {
    return message.getDescriptorForType().findFieldByName("envelope");
  }
}
