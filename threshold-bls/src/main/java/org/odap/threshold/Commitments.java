package org.odap.threshold;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import supranational.blst.P1;
import supranational.blst.P1_Affine;

/**
 * Commitments to a polynomial's coefficients (Feldman): points of G1, 48 bytes each, as many as the
 * threshold. The first commits to the secret itself.
 */
public final class Commitments {
  private final List<P1_Affine> points;

  Commitments(List<P1_Affine> points) {
    this.points = List.copyOf(points);
  }

  /**
   * Commitments from their compressed form.
   *
   * @throws MalformedPointException that says which of them is wrong
   */
  public static Commitments parse(List<byte[]> compressed) throws MalformedPointException {
    if (compressed.isEmpty()) {
      throw new MalformedPointException("no commitments");
    }
    List<P1_Affine> points = new ArrayList<>();
    for (int i = 0; i < compressed.size(); i++) {
      try {
        points.add(Points.g1(compressed.get(i)));
      } catch (MalformedPointException e) {
        throw new MalformedPointException("commitment " + i + ": " + e.getMessage());
      }
    }
    return new Commitments(points);
  }

  /**
   * The commitments to the sum of several dealers' polynomials (IT, distributed key generation).
   *
   * @throws MalformedPointException when dealers in league made a part of it vanish
   */
  public static Commitments sum(List<Commitments> dealt) throws MalformedPointException {
    return weighted(dealt, dealt.stream().map(one -> BigInteger.ONE).toList());
  }

  /**
   * The commitments to what old shares dealt anew give together: the same secret among a new group.
   *
   * @param dealt by the index of the old share
   */
  public static Commitments reshared(SortedMap<Integer, Commitments> dealt)
      throws MalformedPointException {
    return weighted(
        List.copyOf(dealt.values()), Scalars.weightsAtZero(List.copyOf(dealt.keySet())));
  }

  private static Commitments weighted(List<Commitments> dealt, List<BigInteger> weights)
      throws MalformedPointException {
    int threshold = dealt.getFirst().threshold();
    List<byte[]> sums = new ArrayList<>();
    for (int i = 0; i < threshold; i++) {
      int at = i;
      sums.add(
          Points.sum(dealt.stream().map(one -> one.points.get(at)).toList(), weights).compress());
    }
    return parse(sums);
  }

  /** How many shares give the secret. */
  public int threshold() {
    return points.size();
  }

  /** Whether a share is the one committed to for its index. */
  public boolean include(KeyShare share) {
    return share.publicPoint().is_equal(sharePoint(share.index()));
  }

  /** Whether the secret committed to is the share of an index in a group. */
  public boolean dealShareOf(GroupKey group, int index) {
    return points.getFirst().is_equal(group.sharePoint(index));
  }

  /** Whether the secret committed to is that of a public key. */
  public boolean areOf(PublicKey key) {
    return key.isCommittedTo(points.getFirst());
  }

  P1_Affine sharePoint(int index) {
    BigInteger at = BigInteger.valueOf(index);
    P1 value = points.getLast().to_jacobian();
    for (int i = points.size() - 2; i >= 0; i--) {
      value = value.mult(at).add(points.get(i));
    }
    return new P1_Affine(value);
  }

  /** Their compressed form, in order. */
  public List<byte[]> bytes() {
    return points.stream().map(P1_Affine::compress).toList();
  }
}
