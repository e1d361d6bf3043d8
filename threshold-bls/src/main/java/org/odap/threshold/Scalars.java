package org.odap.threshold;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import supranational.blst.Scalar;

/**
 * Numbers modulo the order of the groups.
 *
 * <p>BigInteger does not take the same time for every value. Secrets pass through it only where a
 * key is dealt, on the dealer's own machine; whoever signs does so with the library's arithmetic.
 */
final class Scalars {
  /** The order of G1 and G2. */
  static final BigInteger ORDER =
      new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

  static final int BYTES = 32;

  private Scalars() {}

  /** A number from 1 below the order, evenly chosen. */
  static BigInteger random(SecureRandom random) {
    BigInteger number;
    do {
      number = new BigInteger(ORDER.bitLength(), random);
    } while (number.signum() == 0 || number.compareTo(ORDER) >= 0);
    return number;
  }

  /** A number from many more bits than the order has, so that none is likelier than another. */
  static BigInteger reduced(byte[] bytes) {
    return new BigInteger(1, bytes).mod(ORDER);
  }

  static byte[] bigEndian(BigInteger number) {
    byte[] plain = number.toByteArray();
    byte[] bytes = new byte[BYTES];
    int skipped = Math.max(0, plain.length - BYTES);
    System.arraycopy(
        plain, skipped, bytes, BYTES - (plain.length - skipped), plain.length - skipped);
    return bytes;
  }

  static byte[] littleEndian(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] plain = number.toByteArray();
    for (int i = 0; i < Math.min(length, plain.length); i++) {
      bytes[i] = plain[plain.length - 1 - i];
    }
    return bytes;
  }

  static Scalar scalar(BigInteger number) {
    return new Scalar().from_bendian(bigEndian(number));
  }

  /**
   * What each point of a polynomial weighs in its value at 0 (Lagrange), with one inversion for
   * all.
   *
   * @param indexes where the polynomial is known: all different, none 0
   */
  static List<BigInteger> weightsAtZero(List<Integer> indexes) {
    List<BigInteger> below = new ArrayList<>();
    BigInteger all = product(indexes);
    for (int i : indexes) {
      BigInteger differences = BigInteger.valueOf(i);
      // As many small differences as fit a long are one big multiplication.
      long product = 1;
      for (int j : indexes) {
        if (i == j) {
          continue;
        }
        product *= (long) j - i;
        if (Math.abs(product) > Long.MAX_VALUE >> Integer.SIZE) {
          differences = differences.multiply(BigInteger.valueOf(product)).mod(ORDER);
          product = 1;
        }
      }
      below.add(differences.multiply(BigInteger.valueOf(product)).mod(ORDER));
    }
    List<BigInteger> inverses = inverses(below);
    List<BigInteger> weights = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      weights.add(all.multiply(inverses.get(i)).mod(ORDER));
    }
    return weights;
  }

  private static BigInteger product(List<Integer> indexes) {
    BigInteger product = BigInteger.ONE;
    for (int index : indexes) {
      product = product.multiply(BigInteger.valueOf(index)).mod(ORDER);
    }
    return product;
  }

  private static List<BigInteger> inverses(List<BigInteger> numbers) {
    List<BigInteger> before = new ArrayList<>();
    BigInteger product = BigInteger.ONE;
    for (BigInteger number : numbers) {
      before.add(product);
      product = product.multiply(number).mod(ORDER);
    }
    BigInteger inverse = product.modInverse(ORDER);
    List<BigInteger> inverses = new ArrayList<>(numbers);
    for (int i = numbers.size() - 1; i >= 0; i--) {
      inverses.set(i, inverse.multiply(before.get(i)).mod(ORDER));
      inverse = inverse.multiply(numbers.get(i)).mod(ORDER);
    }
    return inverses;
  }
}
