package org.odap.threshold;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import supranational.blst.NativeSums;
import supranational.blst.P1;
import supranational.blst.P1_Affine;

/**
 * A point that many public numbers are multiplied with. It is kept with its multiples by powers of
 * two to the bits of a digit, so that a product is a sum of small ones, without a doubling for each
 * bit of the number.
 */
final class FixedBase {
  /** The generator of G1, for any number below the order. */
  static final FixedBase GENERATOR = new FixedBase(P1.generator(), 9, Scalars.ORDER.bitLength());

  private final NativeSums.Table table;
  private final int digitBits;
  private final int digits;

  /**
   * A base.
   *
   * @param digitBits more make the products faster and the table larger, which takes longer to
   *     make: 2 ms with 6, 10 ms with 9
   * @param numberBits of the greatest number
   */
  FixedBase(P1 base, int digitBits, int numberBits) {
    this(base, digitBits, digitBits + 1, numberBits);
  }

  /**
   * A base whose digits are read in several windows, for a smaller table.
   *
   * @param digitBits at most 16
   * @param windowBits each point is kept with half as many multiples as so many bits can say
   */
  FixedBase(P1 base, int digitBits, int windowBits, int numberBits) {
    this.digitBits = digitBits;
    this.digits = (numberBits + digitBits - 1) / digitBits;
    List<P1_Affine> powers = new ArrayList<>();
    P1 power = base.dup();
    for (int i = 0; i < digits; i++) {
      powers.add(power.to_affine());
      for (int bit = 0; bit < digitBits; bit++) {
        power.dbl();
      }
    }
    this.table = new NativeSums.Table(powers, windowBits);
  }

  P1 times(BigInteger number) {
    byte[] bytes = Scalars.littleEndian(number, (digits * digitBits + 7) / 8 + 3);
    List<byte[]> scalars = new ArrayList<>();
    for (int i = 0; i < digits; i++) {
      int bit = i * digitBits;
      int three =
          (bytes[bit / 8] & 0xff)
              | (bytes[bit / 8 + 1] & 0xff) << 8
              | (bytes[bit / 8 + 2] & 0xff) << 16;
      int digit = three >> bit % 8 & ((1 << digitBits) - 1);
      scalars.add(
          digitBits > 8
              ? new byte[] {(byte) digit, (byte) (digit >> 8)}
              : new byte[] {(byte) digit});
    }
    return table.sum(scalars, digitBits);
  }
}
