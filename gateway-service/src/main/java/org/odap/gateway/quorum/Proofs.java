package org.odap.gateway.quorum;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.CanonicalJson;

/** A group's signature as the proof of a claim. */
final class Proofs {
  private Proofs() {}

  /** A proof that is canonical, and so has nothing twice and nothing unknown. */
  static Optional<QuorumSignature> read(String proof) {
    QuorumSignature.Builder read = QuorumSignature.newBuilder();
    try {
      JsonFormat.parser().merge(proof, read);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
    String canonical = new String(CanonicalJson.of(read.build()), StandardCharsets.UTF_8);
    return canonical.equals(proof) ? Optional.of(read.build()) : Optional.empty();
  }
}
