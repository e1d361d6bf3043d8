package org.odap.threshold;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import supranational.blst.P1;
import supranational.blst.P1_Affine;

/**
 * What everyone knows of a group that signs together: its public key, how many must sign, and the
 * point that stands for each participant's share.
 */
public final class GroupKey {
  private final PublicKey publicKey;
  private final int threshold;
  private final List<Share> shares;

  private GroupKey(PublicKey publicKey, int threshold, List<Share> shares) {
    this.publicKey = publicKey;
    this.threshold = threshold;
    this.shares = shares;
  }

  /** A participant's share as everyone knows it, and its multiples by challenges. */
  private record Share(P1_Affine point, FixedBase base) {
    /** Digits of 16 bits in windows of 6 keep 24 kB a participant. */
    private static final int DIGIT_BITS = 16;

    private static final int WINDOW_BITS = 6;

    static Share of(P1_Affine point) {
      return new Share(
          point,
          new FixedBase(
              point.to_jacobian(),
              DIGIT_BITS,
              WINDOW_BITS,
              PartialSignature.CHALLENGE_BYTES * Byte.SIZE));
    }
  }

  /**
   * A group.
   *
   * @param participants how many there are; their indexes are 1 to this
   * @throws MalformedPointException when the commitments are another key's, or when there are fewer
   *     participants than must sign
   */
  public static GroupKey of(PublicKey publicKey, Commitments commitments, int participants)
      throws MalformedPointException {
    if (!commitments.areOf(publicKey)) {
      throw new MalformedPointException("the commitments are another key's");
    }
    if (participants < commitments.threshold()) {
      throw new MalformedPointException(
          participants + " participants (expected: " + commitments.threshold() + " or more)");
    }
    return new GroupKey(
        publicKey,
        commitments.threshold(),
        IntStream.rangeClosed(1, participants)
            .parallel()
            .mapToObj(index -> Share.of(commitments.sharePoint(index)))
            .toList());
  }

  /** What combined signatures are verified with. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** How many must sign. */
  public int threshold() {
    return threshold;
  }

  /** How many there are. */
  public int participants() {
    return shares.size();
  }

  P1_Affine sharePoint(int index) {
    return shares.get(index - 1).point();
  }

  /**
   * A group's signature out of its members'.
   *
   * @param signature of the group, when enough signed rightly
   * @param wrong who gave a partial signature that is none: of those that were looked at, which is
   *     nobody while the first that came combine
   */
  public record Combination(Optional<Signature> signature, Set<Integer> wrong) {}

  /**
   * Combines partial signatures: the first that came are tried together, and only where they don't
   * give the group's signature is each looked at by itself, and who gave a wrong one named.
   *
   * @param partials in the order they came; of several from one participant the first counts
   */
  public Combination combine(byte[] message, List<PartialSignature> partials) {
    TreeMap<Integer, PartialSignature> given = new TreeMap<>();
    for (PartialSignature partial : partials) {
      if (partial.index() >= 1 && partial.index() <= participants()) {
        given.putIfAbsent(partial.index(), partial);
      }
    }
    List<PartialSignature> all =
        partials.stream().filter(one -> given.get(one.index()) == one).toList();
    Optional<Signature> first = combined(message, all);
    if (first.isPresent()) {
      return new Combination(first, Set.of());
    }
    Set<Integer> wrong = wrong(message, all);
    List<PartialSignature> right =
        all.stream().filter(one -> !wrong.contains(one.index())).toList();
    Optional<Signature> second = combined(message, right);
    if (second.isPresent() || right.size() < threshold) {
      return new Combination(second, wrong);
    }
    wrong.addAll(outside(right));
    return new Combination(
        combined(message, right.stream().filter(one -> !wrong.contains(one.index())).toList()),
        wrong);
  }

  /** The first of them together, if they give the group's signature. */
  private Optional<Signature> combined(byte[] message, List<PartialSignature> partials) {
    if (partials.size() < threshold) {
      return Optional.empty();
    }
    List<PartialSignature> enough = partials.subList(0, threshold);
    try {
      List<P1_Affine> points = new ArrayList<>();
      for (PartialSignature one : enough) {
        points.add(Points.onCurve(one.point()));
      }
      List<BigInteger> weights =
          Scalars.weightsAtZero(enough.stream().map(PartialSignature::index).toList());
      Signature signature = Signature.parse(Points.sum(points, weights).compress());
      return Optional.of(signature).filter(one -> publicKey.verifies(message, one));
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  /** Who of these gave a partial signature whose proof is not its share's. */
  private Set<Integer> wrong(byte[] message, List<PartialSignature> partials) {
    P1 hashed = Points.hashed(message);
    FixedBase base = new FixedBase(hashed, 6, Scalars.ORDER.bitLength());
    byte[] compressed = hashed.compress();
    return partials.parallelStream()
        .filter(partial -> !isRight(partial, base, compressed))
        .map(PartialSignature::index)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean isRight(PartialSignature partial, FixedBase hashed, byte[] compressed) {
    BigInteger response = new BigInteger(1, partial.response());
    if (response.compareTo(Scalars.ORDER) >= 0) {
      return false;
    }
    Share share = shares.get(partial.index() - 1);
    BigInteger challenge = new BigInteger(1, partial.challenge());
    try {
      P1 point = Points.onCurve(partial.point()).to_jacobian();
      P1 nonce = FixedBase.GENERATOR.times(response).add(share.base().times(challenge).neg());
      P1 hashedNonce = hashed.times(response).add(point.mult(challenge).neg());
      return Arrays.equals(
          partial.challenge(),
          PartialSignature.challenge(
              share.point().compress(),
              compressed,
              partial.point(),
              nonce.compress(),
              hashedNonce.compress()));
    } catch (MalformedPointException e) {
      return false;
    }
  }

  /**
   * Who of these added a point of small order, which a proof with luck lets through. The check
   * costs a third of a proof's and is for those alone who spoiled a sum of right ones.
   */
  private static Set<Integer> outside(List<PartialSignature> partials) {
    return partials.parallelStream()
        .filter(partial -> {
          try {
            Points.g1(partial.point());
            return false;
          } catch (MalformedPointException e) {
            return true;
          }
        })
        .map(PartialSignature::index)
        .collect(Collectors.toSet());
  }
}
