package org.odap.threshold;

import java.util.Arrays;
import java.util.HexFormat;
import supranational.blst.P1_Affine;

/**
 * A group's signature: a point of G1, 48 bytes. A group has one signature of a message, whichever
 * of its members made it.
 */
public final class Signature {
  private final P1_Affine point;

  Signature(P1_Affine point) {
    this.point = point;
  }

  /**
   * A signature from its compressed form.
   *
   * @throws MalformedPointException for infinity, and for what is not in the subgroup
   */
  public static Signature parse(byte[] compressed) throws MalformedPointException {
    return new Signature(Points.g1(compressed));
  }

  P1_Affine point() {
    return point;
  }

  /** Its compressed form. */
  public byte[] bytes() {
    return point.compress();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && point.is_equal(signature.point);
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
