package org.odap.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged structures: each is read or refused, and nothing else ever happens. */
@Tag("IT-8")
class DamageTest {
  private static final int ROUNDS = 20_000;

  @FunctionalInterface
  private interface Parser {
    Object parse(ByteString bytes) throws TpmFormatException;
  }

  @Test
  void damagedStructuresAreReadOrRefused() throws Exception {
    JsonNode machine =
        new ObjectMapper().readTree(RecordedEvidenceTest.bytes("gce-cos-85.json").toByteArray());
    ByteString log = RecordedEvidenceTest.bytes("gce-cos-85.eventlog").substring(0, 2_000);
    Map<ByteString, Parser> good =
        Map.of(
            hex(machine.at("/quotes/1/attest")),
            Attest::parse,
            hex(machine.at("/quotes/1/signature")),
            TpmSignature::parse,
            hex(machine.at("/attestationKey")),
            bytes -> TpmPublic.parse("key", bytes),
            log,
            DamageTest::replayed);
    long seed = Long.getLong("odap.seed", System.nanoTime());
    Random random = new Random(seed);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      for (Map.Entry<ByteString, Parser> one : good.entrySet()) {
        ByteString damaged = damaged(one.getKey(), random);
        try {
          assertThat(one.getValue().parse(damaged)).isNotNull();
          read++;
        } catch (TpmFormatException e) {
          assertThat(e.getMessage()).contains(": ");
          refused++;
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + hexOf(damaged), e);
        }
      }
    }
    System.out.printf("damage: seed %d, %d read, %d refused%n", seed, read, refused);
    assertThat(refused).isGreaterThan(ROUNDS);
  }

  private static Object replayed(ByteString bytes) throws TpmFormatException {
    return EventLog.parse(bytes).replay(HashAlgorithm.SHA256);
  }

  private static ByteString damaged(ByteString good, Random random) {
    byte[] bytes = good.toByteArray();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      // What decides about the rest stands in front.
      int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 60) : bytes.length);
      bytes[at] = (byte) random.nextInt(256);
    }
    ByteString damaged = ByteString.copyFrom(bytes);
    return switch (random.nextInt(4)) {
      case 0 -> damaged.substring(0, random.nextInt(damaged.size()));
      case 1 -> damaged.concat(ByteString.copyFrom(new byte[1 + random.nextInt(9)]));
      default -> damaged;
    };
  }

  private static ByteString hex(JsonNode node) {
    return ByteString.fromHex(node.asText());
  }

  private static String hexOf(ByteString bytes) {
    return java.util.HexFormat.of().formatHex(bytes.toByteArray());
  }
}
