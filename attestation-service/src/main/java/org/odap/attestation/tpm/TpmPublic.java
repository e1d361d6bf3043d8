package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/**
 * The public area of a TPM's asymmetric key (TPMT_PUBLIC, Part 2, 12.2.4).
 *
 * @param encoded as the TPM hashes it for the key's name
 * @param symmetric what a key that has children, or opens credentials, protects them with
 * @param scheme the only signature scheme of the key, when it is bound to one
 */
public record TpmPublic(
    ByteString encoded,
    HashAlgorithm nameAlgorithm,
    ObjectAttributes attributes,
    ByteString authPolicy,
    Optional<Symmetric> symmetric,
    Optional<SignatureScheme> scheme,
    Key key) {
  private static final int TYPE_RSA = 0x0001;
  private static final int TYPE_ECC = 0x0023;
  private static final int NULL = 0x0010;
  private static final int AES = 0x0006;
  private static final int CFB = 0x0043;
  private static final int DIGEST_MAX = 64;
  private static final int RSA_BITS_MIN = 1024;
  private static final int RSA_BYTES_MAX = 512;
  private static final long EXPONENT_STANDARD = 65_537;

  /** AES in CFB mode, the only protection we take. */
  public record Symmetric(int keyBits) {}

  /** A key's numbers. */
  public sealed interface Key {
    /** An RSA key. */
    record Rsa(int bits, BigInteger modulus, BigInteger exponent) implements Key {}

    /** A point on a curve. */
    record Ecc(EccCurve curve, BigInteger x, BigInteger y) implements Key {}
  }

  /** Reads a public area, all of it; what is named in messages as {@code structure}. */
  public static TpmPublic parse(String structure, ByteString encoded) throws TpmFormatException {
    TpmReader in = new TpmReader(structure, encoded);
    int type = in.u16("type");
    HashAlgorithm nameAlgorithm = in.hash("nameAlg");
    ObjectAttributes attributes = ObjectAttributes.read(in, "objectAttributes");
    ByteString authPolicy = in.sized("authPolicy", DIGEST_MAX);
    Optional<Symmetric> symmetric =
        switch (type) {
          case TYPE_RSA, TYPE_ECC -> symmetric(in);
          default -> throw in.value("type", "0x%04x".formatted(type), "an RSA or ECC key");
        };
    Optional<SignatureScheme> scheme = SignatureScheme.read(in, "scheme");
    Key key = type == TYPE_RSA ? rsa(in) : ecc(in);
    in.end();
    return new TpmPublic(encoded, nameAlgorithm, attributes, authPolicy, symmetric, scheme, key);
  }

  private static Optional<Symmetric> symmetric(TpmReader in) throws TpmFormatException {
    int algorithm = in.u16("symmetric.algorithm");
    if (algorithm == NULL) {
      return Optional.empty();
    }
    int keyBits = in.u16("symmetric.keyBits");
    int mode = in.u16("symmetric.mode");
    if (algorithm != AES || mode != CFB || (keyBits != 128 && keyBits != 256)) {
      throw in.value(
          "symmetric",
          "0x%04x, %d bits, mode 0x%04x".formatted(algorithm, keyBits, mode),
          "AES in CFB mode with 128 or 256 bits");
    }
    return Optional.of(new Symmetric(keyBits));
  }

  private static Key rsa(TpmReader in) throws TpmFormatException {
    int bits = in.u16("keyBits");
    long exponent = in.u32("exponent");
    if (bits < RSA_BITS_MIN || bits > RSA_BYTES_MAX * Byte.SIZE) {
      throw in.value("keyBits", bits, RSA_BITS_MIN + " to " + RSA_BYTES_MAX * Byte.SIZE);
    }
    if (exponent != 0 && (exponent < EXPONENT_STANDARD || exponent % 2 == 0)) {
      throw in.value("exponent", exponent, "0, or odd and at least " + EXPONENT_STANDARD);
    }
    BigInteger modulus = number(in.sized("unique", RSA_BYTES_MAX));
    if (modulus.bitLength() != bits) {
      throw in.value("unique", modulus.bitLength() + " bits", bits + " bits");
    }
    return new Key.Rsa(
        bits, modulus, BigInteger.valueOf(exponent == 0 ? EXPONENT_STANDARD : exponent));
  }

  private static Key ecc(TpmReader in) throws TpmFormatException {
    int id = in.u16("curveID");
    EccCurve curve =
        EccCurve.of(id)
            .orElseThrow(() -> in.value("curveID", "0x%04x".formatted(id), "P-256 or P-384"));
    int kdf = in.u16("kdf");
    if (kdf != NULL) {
      throw in.value("kdf", "0x%04x".formatted(kdf), "0x%04x, none".formatted(NULL));
    }
    BigInteger x = number(in.sized("unique.x", curve.size()));
    BigInteger y = number(in.sized("unique.y", curve.size()));
    if (!curve.has(x, y)) {
      throw in.value("unique", "a point elsewhere", "a point on the curve");
    }
    return new Key.Ecc(curve, x, y);
  }

  private static BigInteger number(ByteString bytes) {
    return new BigInteger(1, bytes.toByteArray());
  }

  /** The key's name: its hash algorithm and the hash of its public area (Part 1, 16). */
  public ByteString name() {
    return nameOf(encoded);
  }

  /**
   * The name of a key with this hash algorithm: of its public area, or, qualified, of its parent's
   * qualified name (or hierarchy's handle) and its name (Part 1, 16).
   */
  public ByteString nameOf(ByteString... parts) {
    byte[] algorithm = {
      (byte) (nameAlgorithm.id() >> Byte.SIZE), (byte) nameAlgorithm.id(),
    };
    return ByteString.copyFrom(algorithm).concat(nameAlgorithm.digest(parts));
  }

  /** The key for Java. */
  public PublicKey publicKey() {
    try {
      return switch (key) {
        case Key.Rsa rsa ->
            KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(rsa.modulus(), rsa.exponent()));
        case Key.Ecc ecc ->
            KeyFactory.getInstance("EC")
                .generatePublic(
                    new ECPublicKeySpec(new ECPoint(ecc.x(), ecc.y()), ecc.curve().parameters()));
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the numbers were checked when they were read", e);
    }
  }
}
