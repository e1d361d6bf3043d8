package org.odap.threshold;

import java.math.BigInteger;
import java.util.List;
import supranational.blst.BLST_ERROR;
import supranational.blst.NativeSums;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;
import supranational.blst.Pairing;

/** Points of the two groups: how they come in, and what is done with many of them. */
final class Points {
  /** Bytes of a compressed point of G1. */
  static final int G1_BYTES = 48;

  /** Bytes of a compressed point of G2. */
  static final int G2_BYTES = 96;

  private Points() {}

  /**
   * A point of G1 other than infinity, from its compressed form.
   *
   * @throws MalformedPointException that says what is wrong with it
   */
  static P1_Affine g1(byte[] compressed) throws MalformedPointException {
    P1_Affine point = onCurve(compressed);
    requireInside(point.is_inf(), point.in_group());
    return point;
  }

  /** A point of the curve of G1, in the subgroup or not: a part of what is checked as a whole. */
  static P1_Affine onCurve(byte[] compressed) throws MalformedPointException {
    requireForm(compressed, G1_BYTES);
    try {
      return new P1_Affine(compressed);
    } catch (RuntimeException e) {
      throw notOnCurve(e);
    }
  }

  /**
   * A point of G2 other than infinity, from its compressed form.
   *
   * @throws MalformedPointException that says what is wrong with it
   */
  static P2_Affine g2(byte[] compressed) throws MalformedPointException {
    requireForm(compressed, G2_BYTES);
    try {
      P2_Affine point = new P2_Affine(compressed);
      requireInside(point.is_inf(), point.in_group());
      return point;
    } catch (RuntimeException e) {
      throw notOnCurve(e);
    }
  }

  private static void requireForm(byte[] compressed, int length) throws MalformedPointException {
    if (compressed.length != length) {
      throw new MalformedPointException(compressed.length + " bytes (expected: " + length + ")");
    }
    if ((compressed[0] & 0x80) == 0) {
      // Without this flag the library would read past these bytes, for a point in its long form.
      throw new MalformedPointException("not in compressed form");
    }
  }

  private static void requireInside(boolean infinite, boolean inGroup)
      throws MalformedPointException {
    if (infinite) {
      throw new MalformedPointException("the point at infinity");
    }
    if (!inGroup) {
      throw new MalformedPointException("not in the subgroup");
    }
  }

  private static MalformedPointException notOnCurve(RuntimeException e) {
    return new MalformedPointException("no point of the curve: " + e.getMessage());
  }

  /** The sum of points times public scalars. */
  static P1 sum(List<P1_Affine> points, List<BigInteger> scalars) {
    return NativeSums.sum(
        points, scalars.stream().map(one -> Scalars.littleEndian(one, Scalars.BYTES)).toList());
  }

  /** Whether e(a, b) = e(c, d). */
  static boolean samePairing(P1_Affine a, P2_Affine b, P1_Affine c, P2_Affine d) {
    Pairing pairing = new Pairing(true, Ciphersuite.SIGNATURE);
    pairing.raw_aggregate(b, a);
    pairing.raw_aggregate(d, new P1_Affine(c.to_jacobian().neg()));
    pairing.commit();
    return pairing.finalverify();
  }

  /** Whether a signature is that of a message under a key, all of them checked points. */
  static boolean isSigned(P1_Affine signature, P2_Affine key, byte[] message) {
    return signature.core_verify(key, true, message, Ciphersuite.SIGNATURE)
        == BLST_ERROR.BLST_SUCCESS;
  }

  static P1 hashed(byte[] message) {
    return new P1().hash_to(message, Ciphersuite.SIGNATURE);
  }

  static P2_Affine publicKey(BigInteger secret) {
    return new P2_Affine(P2.generator().mult(Scalars.scalar(secret)));
  }

  static P1_Affine commitment(BigInteger secret) {
    return new P1_Affine(P1.generator().mult(Scalars.scalar(secret)));
  }
}
