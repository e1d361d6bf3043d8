package org.odap.threshold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2_Affine;

/** What others have published: the same points, keys and signatures come out here. */
@Tag("IT-1")
class VectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 9380, appendix J.9.1; coordinates in compressed form. */
  static Stream<Arguments> rfc9380() {
    return Stream.of(
        Arguments.of(
            "",
            "852926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4"
                + "e8cf62d9c09db0fac349612b759e79a1"),
        Arguments.of(
            "abc",
            "83567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3a"
                + "ee664ba5379a7655d3c68900be2f6903"),
        Arguments.of(
            "abcdef0123456789",
            "91e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57"
                + "a6a27200a784cbc248e84f357ce82d98"),
        Arguments.of(
            "q128_" + "q".repeat(128),
            "b5f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf"
                + "58d7cb86eefe8f2e9bc3f8cb84fac488"),
        Arguments.of(
            "a512_" + "a".repeat(512),
            "882aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19b"
                + "a5a6d12283553294c1825c4b3ca2dcfe"));
  }

  @ParameterizedTest
  @MethodSource("rfc9380")
  void hashesToTheCurveAsTheRfcDoes(String message, String point) {
    String suite = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";
    assertThat(HEX.formatHex(new P1().hash_to(message.getBytes(UTF_8), suite).compress()))
        .isEqualTo(point);
  }

  /** Public keys of small secrets: the first is the generator of G2 (RFC 9380 8.8.2). */
  @ParameterizedTest
  @CsvSource({
    "1, abc,"
        + "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049"
        + "334cf11213945d57e5ac7d055d042b7e024aa2b2f08f0a91260805272dc51051"
        + "c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8,"
        + "8ab1bfed57bef131b205541860254dd546a592eaa86da31f3128792be5e0a7a8"
        + "23cb6e7f5e4b82e2e0cfc84ef82f5cdb",
    "2, abc,"
        + "aa4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572"
        + "c6c886f6b57ec72a6178288c47c33577"
        + "1638533957d540a9d2370f17cc7ed5863bc0b995b8825e0ee1ea1e1e4d00dbae"
        + "81f14b0bf3611b78c952aacab827a053,"
        + "82c0f4720eabce7efa18e00d569968bf63263993730c63a1081944b745d3aa4f"
        + "f8301eb72853ee0595e750d4fc1bfbf3"
  })
  void signsAsOthersDo(long secret, String message, String publicKey, String signature)
      throws MalformedPointException {
    KeyShare share = KeyShare.of(1, BigInteger.valueOf(secret));
    byte[] bytes = message.getBytes(UTF_8);
    assertThat(PublicKey.ofSecret(BigInteger.valueOf(secret))).hasToString(publicKey);
    assertThat(HEX.formatHex(share.sign(bytes).point())).isEqualTo(signature);
    assertThat(
            PublicKey.parse(HEX.parseHex(publicKey))
                .verifies(bytes, Signature.parse(HEX.parseHex(signature))))
        .isTrue();
  }

  /**
   * A threshold signature from the world: round 657413 of drand's quicknet, which signs the SHA-256
   * of the round's number with the same ciphersuite.
   */
  @Test
  void verifiesAThresholdSignatureOfAnotherNetwork() throws Exception {
    PublicKey quicknet =
        PublicKey.parse(
            HEX.parseHex(
                "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
                    + "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
                    + "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"));
    Signature signature =
        Signature.parse(
            HEX.parseHex(
                "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
                    + "41076862b98fad56e91a6b85b89cd97b"));
    assertThat(quicknet.verifies(round(657_413), signature)).isTrue();
    assertThat(quicknet.verifies(round(657_414), signature)).isFalse();
  }

  private static byte[] round(long number) throws Exception {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  /** The classes of bad points of the ethereum bls12-381-tests' deserialization cases. */
  @ParameterizedTest
  @CsvSource({
    "47, 0xb0, bytes",
    "49, 0xb0, bytes",
    "0, 0, bytes",
    "48, 0xc0, infinity",
    "48, 0x00, compressed",
    "48, 0x40, compressed",
    "48, 0x20, compressed",
    "48, 0xe0, no point",
    "48, 0x9f, no point",
    "48, 0xbf, no point"
  })
  void refusesBadPointsOfG1(int length, String first, String why) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      bytes[0] = (byte) (int) Integer.decode(first);
    }
    assertThatThrownBy(() -> Signature.parse(bytes))
        .isInstanceOf(MalformedPointException.class)
        .hasMessageContaining(why);
    byte[] wide = Arrays.copyOf(bytes, length * 2);
    assertThatThrownBy(() -> PublicKey.parse(wide))
        .isInstanceOf(MalformedPointException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesPointsOutsideTheSubgroup() {
    int found = 0;
    for (int x = 1; x < 100; x++) {
      byte[] one = new byte[Points.G1_BYTES];
      one[0] = (byte) 0x80;
      one[Points.G1_BYTES - 1] = (byte) x;
      if (isOnCurve(() -> new P1_Affine(one))) {
        assertThatThrownBy(() -> Signature.parse(one)).hasMessageContaining("subgroup");
        found++;
      }
      byte[] two = new byte[Points.G2_BYTES];
      two[0] = (byte) 0x80;
      two[Points.G2_BYTES - 1] = (byte) x;
      if (isOnCurve(() -> new P2_Affine(two))) {
        assertThatThrownBy(() -> PublicKey.parse(two)).hasMessageContaining("subgroup");
        found++;
      }
    }
    assertThat(found).isGreaterThan(20);
  }

  private static boolean isOnCurve(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
