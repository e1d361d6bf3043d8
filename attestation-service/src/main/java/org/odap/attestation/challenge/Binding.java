package org.odap.attestation.challenge;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import org.odap.attestation.tpm.HashAlgorithm;

/**
 * What a quote is bound to, so that it can't be relayed: another session's, another gateway's or
 * that of a machine at the end of another TLS connection is another quote (ARCH 6).
 *
 * @param gateway identity of the gateway that is attested
 * @param tlsPublicKey of its certificate, base64url SPKI DER
 */
public record Binding(ByteString nonce, String sessionId, String gateway, String tlsPublicKey) {
  /** Bytes of a nonce: nobody guesses one, and none comes twice. */
  public static final int NONCE_BYTES = 32;

  private static final String CONTEXT = "odap-attestation-v1";

  /**
   * The qualifying data a TPM signs along: SHA-256 over the context, nonce, session, gateway and
   * key, each after its length (4 bytes, big-endian), so that no two bindings have the same bytes.
   */
  public ByteString qualifyingData() {
    return HashAlgorithm.SHA256.digest(
        part(ByteString.copyFromUtf8(CONTEXT)),
        part(nonce),
        part(ByteString.copyFromUtf8(sessionId)),
        part(ByteString.copyFromUtf8(gateway)),
        part(ByteString.copyFromUtf8(tlsPublicKey)));
  }

  private static ByteString part(ByteString bytes) {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.size());
    return ByteString.copyFrom(length).concat(bytes);
  }
}
