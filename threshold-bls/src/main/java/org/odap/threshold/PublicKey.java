package org.odap.threshold;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;

/** The public key a group's combined signatures are verified with: a point of G2, 96 bytes. */
public final class PublicKey {
  private final P2_Affine point;

  private PublicKey(P2_Affine point) {
    this.point = point;
  }

  /**
   * A key from its compressed form.
   *
   * @throws MalformedPointException for infinity, and for what is not in the subgroup
   */
  public static PublicKey parse(byte[] compressed) throws MalformedPointException {
    return new PublicKey(Points.g2(compressed));
  }

  static PublicKey ofSecret(BigInteger secret) {
    return new PublicKey(Points.publicKey(secret));
  }

  /**
   * The key of several dealers' keys together.
   *
   * @throws MalformedPointException when they add up to nothing, as only dealers in league can make
   */
  public static PublicKey sum(List<PublicKey> keys) throws MalformedPointException {
    P2 sum = new P2();
    keys.forEach(key -> sum.add(key.point));
    return parse(sum.compress());
  }

  /** Whether a signature, a point that came in through {@link Signature#parse}, is this key's. */
  public boolean verifies(byte[] message, Signature signature) {
    return Points.isSigned(signature.point(), point, message);
  }

  /** Whether this key's secret is the one committed to. */
  boolean isCommittedTo(P1_Affine commitment) {
    return Points.samePairing(commitment, P2_Affine.generator(), P1_Affine.generator(), point);
  }

  /** Its compressed form. */
  public byte[] bytes() {
    return point.compress();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && point.is_equal(key.point);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
