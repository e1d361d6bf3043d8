package org.odap.threshold;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A dealer's secret polynomial: its value at 0 is the secret, its value at a participant's index
 * that participant's share (Shamir). As many shares as it has coefficients give the secret; fewer
 * give nothing.
 */
public final class Polynomial {
  /** Bytes of each coefficient before it is reduced: 128 bits more than the order has. */
  private static final int WIDE_BYTES = 48;

  private final List<BigInteger> coefficients;

  private Polynomial(List<BigInteger> coefficients) {
    this.coefficients = List.copyOf(coefficients);
  }

  /** A polynomial by chance, with this many coefficients. */
  public static Polynomial random(int threshold, SecureRandom random) {
    return new Polynomial(Stream.generate(() -> Scalars.random(random)).limit(threshold).toList());
  }

  /**
   * A polynomial the dealer finds again from its secret: HKDF-SHA-256 of the secret with the hash
   * of tx as salt (IT, setup). Of the hash alone anyone could make it.
   *
   * @param secret of the dealer, at least 32 bytes
   * @param salt SHA-256 of tx
   * @param purpose what the key is for; another purpose gives another key
   */
  public static Polynomial derived(byte[] secret, byte[] salt, String purpose, int threshold) {
    if (secret.length < Scalars.BYTES) {
      throw new IllegalArgumentException(
          "a dealer's secret of "
              + secret.length
              + " bytes (expected: "
              + Scalars.BYTES
              + " or more)");
    }
    List<BigInteger> coefficients = new ArrayList<>();
    for (int i = 0; i < threshold; i++) {
      coefficients.add(Scalars.reduced(expanded(secret, salt, purpose + "/" + i)));
    }
    return new Polynomial(coefficients);
  }

  /** A polynomial by chance that deals a share's secret anew, to another group (IT, resharing). */
  public static Polynomial resharing(KeyShare share, int threshold, SecureRandom random) {
    List<BigInteger> coefficients = new ArrayList<>(random(threshold, random).coefficients);
    coefficients.set(0, share.secret());
    return new Polynomial(coefficients);
  }

  /** The share of a participant. */
  public KeyShare share(int index) {
    BigInteger value = BigInteger.ZERO;
    for (int i = coefficients.size() - 1; i >= 0; i--) {
      value = value.multiply(BigInteger.valueOf(index)).add(coefficients.get(i)).mod(Scalars.ORDER);
    }
    return KeyShare.of(index, value);
  }

  /** What tells everyone that the shares fit together, without telling any (Feldman). */
  public Commitments commitments() {
    return new Commitments(coefficients.stream().map(Points::commitment).toList());
  }

  /** The public key of the secret. */
  public PublicKey publicKey() {
    return PublicKey.ofSecret(coefficients.getFirst());
  }

  private static byte[] expanded(byte[] secret, byte[] salt, String purpose) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret)
                  .addSalt(salt)
                  .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), WIDE_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
