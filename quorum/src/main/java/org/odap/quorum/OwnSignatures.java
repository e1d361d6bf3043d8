package org.odap.quorum;

import java.util.Arrays;
import java.util.Optional;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.Es256;
import org.odap.runtime.identity.SigningKey;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PartialSignature;

/**
 * What a participant gives: its partial signature, under its own signature (IT "Lock": two
 * signatures). A key's dealer could make every partial signature itself; not so these.
 */
public final class OwnSignatures {
  private OwnSignatures() {}

  /** A participant's partial signature, signed. */
  public static ParticipantSignature give(
      byte[] statement, PartialSignature partial, SigningKey own) {
    return ParticipantSignature.newBuilder()
        .setIndex(partial.index())
        .setPartialSignature(Base64Url.encode(partial.bytes()))
        .setParticipantSignature(own.sign(signed(statement, partial.bytes())))
        .build();
  }

  /** The partial signature a participant gave, if it signed it as its own. */
  public static Optional<PartialSignature> taken(
      byte[] statement, ParticipantSignature given, Participant participant) {
    Optional<byte[]> bytes = Base64Url.decode(given.getPartialSignature());
    if (given.getIndex() != participant.getIndex()
        || bytes.isEmpty()
        || !Es256.verify(
            participant.getPubkey(),
            signed(statement, bytes.get()),
            given.getParticipantSignature())) {
      return Optional.empty();
    }
    try {
      return Optional.of(PartialSignature.parse(participant.getIndex(), bytes.get()));
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  private static byte[] signed(byte[] statement, byte[] partial) {
    byte[] both = Arrays.copyOf(statement, statement.length + partial.length);
    System.arraycopy(partial, 0, both, statement.length, partial.length);
    return both;
  }
}
