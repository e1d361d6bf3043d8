package org.odap.core.envelope;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Public keys as messages carry them: base64url of the SPKI DER without padding (ODAP 6 to 8).
 *
 * <p>Gateways sign with P-256 keys, written in the one DER form with an uncompressed point, so that
 * equal keys are equal texts.
 */
public final class PublicKeys {
  private static final byte[] P256_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  private static final int P256_LENGTH = P256_PREFIX.length + 64;

  /** A memo, not state: parsing a key costs more than verifying with it. */
  private static final Map<String, PublicKey> RECENT = new RecentKeys();

  private PublicKeys() {}

  /** The text of a key. */
  public static String format(PublicKey key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getEncoded());
  }

  /** The P-256 key the text stands for, if it stands for one. */
  public static Optional<PublicKey> parse(String text) {
    synchronized (RECENT) {
      PublicKey known = RECENT.get(text);
      if (known != null) {
        return Optional.of(known);
      }
    }
    Optional<PublicKey> key = Base64Url.decode(text).flatMap(PublicKeys::p256);
    if (key.isPresent()) {
      synchronized (RECENT) {
        RECENT.put(text, key.get());
      }
    }
    return key;
  }

  private static Optional<PublicKey> p256(byte[] der) {
    if (der.length != P256_LENGTH
        || !Arrays.equals(der, 0, P256_PREFIX.length, P256_PREFIX, 0, P256_PREFIX.length)) {
      return Optional.empty();
    }
    try {
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      return key instanceof ECPublicKey ec && isOnCurve(ec) ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException e) {
      // Some providers look at the point themselves, and say so here.
      return Optional.empty();
    }
  }

  /** y^2 = x^3 + ax + b, which not every provider asks of a key it is given. */
  private static boolean isOnCurve(ECPublicKey key) {
    EllipticCurve curve = key.getParams().getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = key.getW().getAffineX();
    BigInteger y = key.getW().getAffineY();
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
    return x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.pow(2).subtract(right).mod(p).signum() == 0;
  }

  /** Keys used last; a gateway talks with few others. */
  private static final class RecentKeys extends LinkedHashMap<String, PublicKey> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 1_024;

    RecentKeys() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, PublicKey> eldest) {
      return size() > MOST;
    }
  }
}
