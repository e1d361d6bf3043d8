package org.odap.attestation.tpm;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.Optional;

/** Elliptic curves of TPM keys that we take (Part 2, 6.4 TPM_ECC_CURVE). */
public enum EccCurve {
  P256(0x0003, 32, "secp256r1"),
  P384(0x0004, 48, "secp384r1");

  private final int id;
  private final int size;
  private final String standardName;

  EccCurve(int id, int size, String standardName) {
    this.id = id;
    this.size = size;
    this.standardName = standardName;
  }

  static Optional<EccCurve> of(int id) {
    return Arrays.stream(values()).filter(curve -> curve.id == id).findFirst();
  }

  /** Bytes of a coordinate, and of half a signature. */
  int size() {
    return size;
  }

  /** The curve for Java. */
  public ECParameterSpec parameters() {
    try {
      AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
      named.init(new ECGenParameterSpec(standardName));
      return named.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + standardName, e);
    }
  }

  /** y^2 = x^3 + ax + b, which not every provider asks of a key it is given. */
  boolean has(BigInteger x, BigInteger y) {
    EllipticCurve curve = parameters().getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
    return x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.pow(2).subtract(right).mod(p).signum() == 0;
  }
}
