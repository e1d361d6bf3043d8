package org.odap.ledger.fabric.development.membership;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/**
 * The one form of an ECDSA signature on P-256 that Fabric takes: DER with s in the lower half of
 * the curve's order, so that nobody can make a second valid signature out of a first.
 */
final class LowS {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger HALF = ORDER.shiftRight(1);

  private LowS() {}

  /** Whether these bytes are a signature in that form. */
  static boolean holds(byte[] der) {
    try {
      ASN1Sequence pair = parse(der);
      return s(pair).compareTo(HALF) <= 0 && Arrays.equals(pair.getEncoded("DER"), der);
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /** The same signature in that form. */
  static byte[] of(byte[] der) {
    try {
      ASN1Sequence pair = parse(der);
      BigInteger s = s(pair);
      if (s.compareTo(HALF) <= 0) {
        return der;
      }
      ASN1Integer low = new ASN1Integer(ORDER.subtract(s));
      return new DERSequence(new ASN1Integer[] {(ASN1Integer) pair.getObjectAt(0), low})
          .getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a signature made here is DER", e);
    }
  }

  private static ASN1Sequence parse(byte[] der) throws IOException {
    ASN1Sequence pair = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
    if (pair == null || pair.size() != 2) {
      throw new IllegalArgumentException("not a pair of integers");
    }
    return pair;
  }

  private static BigInteger s(ASN1Sequence pair) {
    return ASN1Integer.getInstance(pair.getObjectAt(1)).getPositiveValue();
  }
}
