package org.odap.core.envelope;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.util.BigIntegers;

/** Fixed keys for tests and test vectors; they are public and protect nothing. */
public final class TestKeys {
  public static final TestSigner SENDER =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElpZTp2jGbWksjIGfQT_o_kf8uSDLQBF_A8olg3A2Na-qjq-Dz4RnoNnfr2wS393pUGFffqkuBvjd2nHy_3QINw",
          "11c4e584aaf8d706505f8364a9495094d2695c13985f8eaa874d3dd706f7de46");

  public static final TestSigner RECIPIENT =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9ZthSOfl5s0aLz1qCD9xD7xXL_0KiEbEGtZfIxSccXzLM5PV9XnE3c1kwTNLc8x_vFP6MIxYGfsrGzbSxfS3kQ",
          "e85558461b181a44b04daa62c4434c95d6a8467f1a3290460f2a1e67949d43cc");

  /** A gateway that is no party to the session. */
  public static final TestSigner STRANGER =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3RtcSOCDoHqV5v9c3bv5K4ustXnl2wGXDsggN95JbaxxVrM4wfer35w5IP2f7OHWFmX3sqVK3xyQf2cSWMgwVg",
          "0910c33c46fa6c5643991df6c2402424b0c343308bc3117d5b7710fcf18d0ed2");

  /** The same of another one. */
  public static final TestSigner OTHER_STRANGER =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpubdjIBWmCXf2xTwec7xAlKMKXnlDD7nV3_K4I8vW1BLeKjCniGDN0qjssBNyU9YvVDXMjJy-rb1triGRfXtgQ",
          "be38456633d6f9ebdee72e98a9c804f7b711eb9ea34e87e6213f8e44782fef98");

  /** Key of an account on a ledger with secp256k1 keys. */
  public static final String ORIGINATOR =
      "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEw08WAaZOBOuhdHjLG1NpUm50K7jPTdwnIPoCW1Vygdk0MaC5BB8IJxMNcHBpLpwuSF6I7of1HFJq65O9li37hA";

  /** Key of an account on the other ledger. */
  public static final String BENEFICIARY = STRANGER.publicKey();

  private TestKeys() {}

  /** The key that belongs to a name, always the same one. */
  public static TestSigner named(String name) {
    var curve = SECNamedCurves.getByName("secp256r1");
    BigInteger secret =
        new BigInteger(Hash.of(name.getBytes(StandardCharsets.UTF_8)), 16)
            .mod(curve.getN().subtract(BigInteger.ONE))
            .add(BigInteger.ONE);
    byte[] point = curve.getG().multiply(secret).normalize().getEncoded(false);
    byte[] prefix = HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    byte[] der = Arrays.copyOf(prefix, prefix.length + point.length);
    System.arraycopy(point, 0, der, prefix.length, point.length);
    return new TestSigner(
        Base64.getUrlEncoder().withoutPadding().encodeToString(der), secret.toString(16));
  }

  /**
   * Signs without chance (RFC 6979), so that whatever contains signatures is the same in every run.
   *
   * @param secret the private scalar in hex
   */
  public record TestSigner(String publicKey, String secret) implements Signer {
    private static final int HALF = 32;

    @Override
    public String sign(byte[] bytes) {
      var curve = SECNamedCurves.getByName("secp256r1");
      ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      signer.init(
          true,
          new ECPrivateKeyParameters(
              new BigInteger(secret, 16),
              new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN())));
      BigInteger[] parts = signer.generateSignature(Hash.bytes(Hash.of(bytes)));
      byte[] signature = Arrays.copyOf(BigIntegers.asUnsignedByteArray(HALF, parts[0]), 2 * HALF);
      System.arraycopy(BigIntegers.asUnsignedByteArray(HALF, parts[1]), 0, signature, HALF, HALF);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }
  }
}
