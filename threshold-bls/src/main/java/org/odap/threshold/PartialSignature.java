package org.odap.threshold;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What one participant gives to a group's signature: a point of G1 and the proof that it was made
 * with the participant's share; 96 bytes. Nothing in it is checked until it is needed.
 */
public final class PartialSignature {
  /** Bytes of a partial signature: point, challenge, response. */
  public static final int BYTES = 96;

  static final int CHALLENGE_BYTES = 16;

  private static final int RESPONSE_AT = Points.G1_BYTES + CHALLENGE_BYTES;

  private final int index;
  private final byte[] bytes;

  private PartialSignature(int index, byte[] bytes) {
    this.index = index;
    this.bytes = bytes;
  }

  static PartialSignature of(int index, byte[] point, byte[] challenge, byte[] response) {
    byte[] bytes = Arrays.copyOf(point, BYTES);
    System.arraycopy(challenge, 0, bytes, Points.G1_BYTES, CHALLENGE_BYTES);
    System.arraycopy(response, 0, bytes, RESPONSE_AT, Scalars.BYTES);
    return new PartialSignature(index, bytes);
  }

  /**
   * A partial signature as it came in.
   *
   * @param index of the participant it came from
   * @throws MalformedPointException when it has another length
   */
  public static PartialSignature parse(int index, byte[] bytes) throws MalformedPointException {
    if (bytes.length != BYTES) {
      throw new MalformedPointException(bytes.length + " bytes (expected: " + BYTES + ")");
    }
    return new PartialSignature(index, bytes.clone());
  }

  /** The participant's index. */
  public int index() {
    return index;
  }

  /** Its 96 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  byte[] point() {
    return Arrays.copyOf(bytes, Points.G1_BYTES);
  }

  byte[] challenge() {
    return Arrays.copyOfRange(bytes, Points.G1_BYTES, RESPONSE_AT);
  }

  byte[] response() {
    return Arrays.copyOfRange(bytes, RESPONSE_AT, BYTES);
  }

  /** The challenge of a proof; 128 bits bind it as well as the curve does. */
  static byte[] challenge(
      byte[] share, byte[] hashed, byte[] signature, byte[] nonce, byte[] hashedNonce) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Ciphersuite.PROOF.getBytes(StandardCharsets.US_ASCII));
      digest.update(share);
      digest.update(hashed);
      digest.update(signature);
      digest.update(nonce);
      return Arrays.copyOf(digest.digest(hashedNonce), CHALLENGE_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
