package org.odap.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ODAP-19")
class KeysAndSignaturesTest {
  private static final byte[] TEXT = "value".getBytes(UTF_8);
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @Test
  void aHashIsLowerCaseHex() {
    assertThat(Hash.of(new byte[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Hash.of("abc".getBytes(UTF_8)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Hash.isHash("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015AD"))
        .isFalse();
    assertThat(Hash.isHash("ba")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> Hash.bytes("ba"));
  }

  @Test
  void aKeyIsItsText() {
    String text = TestKeys.SENDER.publicKey();
    assertThat(PublicKeys.format(PublicKeys.parse(text).orElseThrow())).isEqualTo(text);
  }

  /** One key, one text: other encodings, curves and points off the curve are refused. */
  @Test
  void whatIsNoP256KeyInItsOneEncodingIsRefused() {
    byte[] der = Base64.getUrlDecoder().decode(TestKeys.SENDER.publicKey());
    assertThat(PublicKeys.parse("")).isEmpty();
    assertThat(PublicKeys.parse("no key")).isEmpty();
    assertThat(PublicKeys.parse(TestKeys.ORIGINATOR)).isEmpty();
    assertThat(PublicKeys.parse(Base64.getUrlEncoder().encodeToString(der))).isEmpty();
    assertThat(PublicKeys.parse(Base64.getEncoder().withoutPadding().encodeToString(der)))
        .isEmpty();
    assertThat(PublicKeys.parse(encoded(Arrays.copyOf(der, der.length + 1)))).isEmpty();
    assertThat(PublicKeys.parse(encoded(Arrays.copyOf(der, der.length - 1)))).isEmpty();
    byte[] offTheCurve = der.clone();
    offTheCurve[der.length - 1] ^= 1;
    assertThat(PublicKeys.parse(encoded(offTheCurve))).isEmpty();
  }

  @Test
  void aSignatureVerifiesUnderItsKeyOverItsBytesOnly() {
    String signature = TestKeys.SENDER.sign(TEXT);
    assertThat(Es256.verify(TestKeys.SENDER.publicKey(), TEXT, signature)).isTrue();
    assertThat(Es256.verify(TestKeys.RECIPIENT.publicKey(), TEXT, signature)).isFalse();
    assertThat(Es256.verify(TestKeys.SENDER.publicKey(), new byte[0], signature)).isFalse();
    assertThat(Es256.verify("no key", TEXT, signature)).isFalse();
  }

  /** r and s must be from 1 to n-1; a provider that throws answers false all the same. */
  @Test
  void signaturesOutOfRangeAreRefused() {
    byte[] right = Base64.getUrlDecoder().decode(TestKeys.SENDER.sign(TEXT));
    byte[] order = HexFormat.of().parseHex(ORDER.toString(16));
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    for (byte[] part : new byte[][] {new byte[32], order, ones}) {
      byte[] wrongR = right.clone();
      System.arraycopy(part, 0, wrongR, 0, 32);
      byte[] wrongS = right.clone();
      System.arraycopy(part, 0, wrongS, 32, 32);
      assertThat(Es256.verify(TestKeys.SENDER.publicKey(), TEXT, encoded(wrongR))).isFalse();
      assertThat(Es256.verify(TestKeys.SENDER.publicKey(), TEXT, encoded(wrongS))).isFalse();
    }
  }

  /** Why nothing may be told apart by its signature: everybody can write a second one. */
  @Test
  void theOtherSpellingOfASignatureVerifiesAndChangesNoHash() {
    OdapMessage message = Messages.of(MessageType.INITIALIZATION_RESPONSE);
    String respelled = otherSpelling(message.envelope().getMessageSignature());
    var envelope = message.envelope().toBuilder().setMessageSignature(respelled).build();
    OdapMessage other =
        OdapMessage.of(
            message.protobuf().toBuilder()
                .setField(message.type().field("envelope").orElseThrow(), envelope)
                .build());
    assertThat(MessageCheck.signature(other, TestKeys.RECIPIENT.publicKey())).isEmpty();
    assertThat(other.hash()).isEqualTo(message.hash());
  }

  /** The signature (r, n-s) that anyone can make of (r, s). */
  static String otherSpelling(String signature) {
    byte[] raw = Base64.getUrlDecoder().decode(signature);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64));
    byte[] negated = HexFormat.of().parseHex(String.format("%064x", ORDER.subtract(s)));
    System.arraycopy(negated, 0, raw, 32, 32);
    return encoded(raw);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
