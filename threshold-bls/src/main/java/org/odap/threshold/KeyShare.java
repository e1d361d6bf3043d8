package org.odap.threshold;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.Scalar;
import supranational.blst.SecretKey;

/** A participant's secret share of a group's key, 32 bytes. */
public final class KeyShare {
  private static final String NONCE = "HmacSHA512";

  private final int index;
  private final BigInteger secret;
  private final P1_Affine publicPoint;

  private KeyShare(int index, BigInteger secret) {
    this.index = index;
    this.secret = secret;
    this.publicPoint = Points.commitment(secret);
  }

  static KeyShare of(int index, BigInteger secret) {
    if (index < 1) {
      // The value at 0 is the secret itself.
      throw new IllegalArgumentException("index " + index + " (expected: 1 or more)");
    }
    return new KeyShare(index, secret);
  }

  /**
   * A share from its 32 bytes.
   *
   * @throws IllegalArgumentException when they are no number from 1 below the order
   */
  public static KeyShare parse(int index, byte[] bigEndian) {
    BigInteger secret = new BigInteger(1, bigEndian);
    if (bigEndian.length != Scalars.BYTES
        || secret.signum() == 0
        || secret.compareTo(Scalars.ORDER) >= 0) {
      throw new IllegalArgumentException("no share of a key");
    }
    return of(index, secret);
  }

  /** What several dealers dealt to one participant, together (IT, distributed key generation). */
  public static KeyShare sum(List<KeyShare> dealt) {
    return of(
        dealt.getFirst().index,
        dealt.stream()
            .map(one -> one.secret)
            .reduce(BigInteger.ZERO, BigInteger::add)
            .mod(Scalars.ORDER));
  }

  /**
   * What the holders of old shares dealt to one participant of a new group, together.
   *
   * @param dealt by the index of the old share
   */
  public static KeyShare reshared(SortedMap<Integer, KeyShare> dealt) {
    List<BigInteger> weights = Scalars.weightsAtZero(List.copyOf(dealt.keySet()));
    BigInteger secret = BigInteger.ZERO;
    int i = 0;
    for (KeyShare share : dealt.values()) {
      secret = secret.add(share.secret.multiply(weights.get(i++)));
    }
    return of(dealt.firstEntry().getValue().index, secret.mod(Scalars.ORDER));
  }

  /** The participant's index in its group, from 1. */
  public int index() {
    return index;
  }

  BigInteger secret() {
    return secret;
  }

  P1_Affine publicPoint() {
    return publicPoint;
  }

  /** The secret, big-endian. */
  public byte[] bytes() {
    return Scalars.bigEndian(secret);
  }

  /**
   * Signs a message, and proves that it was signed with this share (Chaum and Pedersen, made
   * non-interactive): whoever combines can tell a wrong partial signature without a pairing.
   */
  public PartialSignature sign(byte[] message) {
    P1 hashed = Points.hashed(message);
    SecretKey key = secretKey(bytes());
    P1_Affine signature = new P1_Affine(hashed.dup().sign_with(key));
    SecretKey nonce = nonce(message, signature);
    byte[] challenge =
        PartialSignature.challenge(
            publicPoint.compress(),
            hashed.compress(),
            signature.compress(),
            new P1(nonce).compress(),
            hashed.sign_with(nonce).compress());
    Scalar response =
        Scalars.scalar(new BigInteger(1, challenge))
            .mul(new Scalar().from_bendian(key.to_bendian()))
            .add(nonce);
    return PartialSignature.of(index, signature.compress(), challenge, response.to_bendian());
  }

  /**
   * A nonce that no two different messages share, made of the share itself: of two proofs with one
   * nonce anyone could take the share.
   */
  private SecretKey nonce(byte[] message, P1_Affine signature) {
    try {
      Mac mac = Mac.getInstance(NONCE);
      mac.init(new SecretKeySpec(bytes(), NONCE));
      mac.update(signature.compress());
      return secretKey(Scalars.bigEndian(Scalars.reduced(mac.doFinal(message))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecretKey secretKey(byte[] bigEndian) {
    SecretKey key = new SecretKey();
    key.from_bendian(bigEndian);
    return key;
  }

  @Override
  public String toString() {
    return "share " + index;
  }
}
