package org.odap.threshold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("IT-1")
class GroupKeyTest {
  private static final byte[] MESSAGE = "asset 7 is locked".getBytes(UTF_8);
  private static final byte[] OTHER = "asset 8 is locked".getBytes(UTF_8);

  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({"1,1", "1,4", "2,4", "3,4", "4,4", "6,16", "33,100"})
  void anyThresholdOfThemGiveTheSameSignature(int threshold, int participants) throws Exception {
    World world = new World(threshold, participants);
    Signature signature = world.signedBy(world.everyone());
    for (int round = 0; round < 10; round++) {
      List<Integer> some = new ArrayList<>(world.everyone());
      Collections.shuffle(some, random);
      assertThat(world.signedBy(some.subList(0, threshold))).isEqualTo(signature);
    }
    assertThat(world.key.publicKey().verifies(MESSAGE, signature)).isTrue();
    assertThat(world.key.publicKey().verifies(OTHER, signature)).isFalse();
    assertThat(new World(threshold, participants).key.publicKey().verifies(MESSAGE, signature))
        .isFalse();
  }

  @Test
  void oneLessThanTheThresholdGiveNothing() throws Exception {
    World world = new World(3, 7);
    assertThat(world.key.combine(MESSAGE, world.partials(List.of(1, 5), MESSAGE)).signature())
        .isEmpty();
    // The same participant twice is still one.
    assertThat(world.key.combine(MESSAGE, world.partials(List.of(1, 5, 5), MESSAGE)).signature())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2,4,1", "3,7,2", "6,16,5", "12,34,11"})
  void liarsAreNamedAndTheOthersStillSign(int threshold, int participants, int liars)
      throws Exception {
    World world = new World(threshold, participants);
    for (Lie lie : Lie.values()) {
      List<Integer> order = new ArrayList<>(world.everyone());
      Collections.shuffle(order, random);
      Set<Integer> lying = new TreeSet<>(order.subList(0, liars));
      List<PartialSignature> partials = new ArrayList<>();
      for (int index : order) {
        partials.add(lying.contains(index) ? lie.partial(world, index) : world.partial(index));
      }
      GroupKey.Combination combination = world.key.combine(MESSAGE, partials);
      assertThat(combination.wrong()).as(lie.name()).isEqualTo(lying);
      assertThat(combination.signature()).as(lie.name()).contains(world.signedBy(world.everyone()));
    }
  }

  @Test
  void honestOnesAreNeverNamed() throws Exception {
    World world = new World(5, 16);
    assertThat(world.key.combine(MESSAGE, world.partials(world.everyone(), MESSAGE)).wrong())
        .isEmpty();
  }

  @Test
  void tooManyLiarsLeaveNoSignatureButAreNamed() throws Exception {
    World world = new World(3, 4);
    List<PartialSignature> partials = new ArrayList<>();
    for (int index : List.of(1, 2)) {
      partials.add(Lie.ANOTHER_MESSAGE.partial(world, index));
    }
    partials.addAll(world.partials(List.of(3, 4), MESSAGE));
    GroupKey.Combination combination = world.key.combine(MESSAGE, partials);
    assertThat(combination.signature()).isEmpty();
    assertThat(combination.wrong()).containsExactly(1, 2);
  }

  @Test
  void aProofOfAnotherSharesSignatureIsNone() throws Exception {
    World world = new World(2, 4);
    PartialSignature two = world.partial(2);
    assertThat(world.wrong(PartialSignature.parse(1, two.bytes()))).containsExactly(1);
  }

  @Test
  void everyBitOfAPartialSignatureCounts() throws Exception {
    World world = new World(2, 4);
    byte[] good = world.partial(1).bytes();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(world.wrong(PartialSignature.parse(1, bad))).as("bit %d", bit).containsExactly(1);
    }
  }

  @Test
  void sharesThatDoNotFitTheCommitmentsAreFound() throws Exception {
    World world = new World(3, 5);
    Commitments commitments = world.polynomial.commitments();
    assertThat(commitments.include(world.polynomial.share(4))).isTrue();
    byte[] wrong = world.polynomial.share(4).bytes();
    wrong[31] ^= 1;
    assertThat(commitments.include(KeyShare.parse(4, wrong))).isFalse();
    assertThat(commitments.include(KeyShare.parse(3, world.polynomial.share(4).bytes()))).isFalse();
  }

  @Test
  void commitmentsOfAnotherKeyMakeNoGroup() {
    Polynomial one = Polynomial.random(2, new SecureRandom());
    Polynomial other = Polynomial.random(2, new SecureRandom());
    assertThatThrownBy(() -> GroupKey.of(one.publicKey(), other.commitments(), 4))
        .isInstanceOf(MalformedPointException.class)
        .hasMessageContaining("another key");
    assertThatThrownBy(() -> GroupKey.of(one.publicKey(), one.commitments(), 1))
        .hasMessageContaining("1 participants (expected: 2 or more)");
  }

  @Test
  void aDealerFindsItsPolynomialAgainFromItsSecret() {
    byte[] secret = new byte[32];
    byte[] salt = {1, 2, 3};
    Polynomial first = Polynomial.derived(secret, salt, "lock", 3);
    assertThat(Polynomial.derived(secret, salt, "lock", 3).publicKey())
        .isEqualTo(first.publicKey());
    assertThat(Polynomial.derived(secret, salt, "unlock", 3).publicKey())
        .isNotEqualTo(first.publicKey());
    assertThat(Polynomial.derived(secret, new byte[] {1, 2, 4}, "lock", 3).publicKey())
        .isNotEqualTo(first.publicKey());
    secret[0] = 1;
    assertThat(Polynomial.derived(secret, salt, "lock", 3).publicKey())
        .isNotEqualTo(first.publicKey());
    assertThatThrownBy(() -> Polynomial.derived(new byte[31], salt, "lock", 3))
        .hasMessageContaining("31 bytes");
  }

  /** What a participant may give instead of its partial signature. */
  private enum Lie {
    ANOTHER_MESSAGE {
      @Override
      PartialSignature partial(World world, int index) {
        return world.polynomial.share(index).sign(OTHER);
      }
    },
    ANOTHER_SHARE {
      @Override
      PartialSignature partial(World world, int index) {
        return Polynomial.random(2, new SecureRandom()).share(index).sign(MESSAGE);
      }
    },
    NO_POINT {
      @Override
      PartialSignature partial(World world, int index) throws MalformedPointException {
        byte[] bytes = new byte[PartialSignature.BYTES];
        bytes[0] = (byte) 0x9f;
        return PartialSignature.parse(index, bytes);
      }
    },
    INFINITY {
      @Override
      PartialSignature partial(World world, int index) throws MalformedPointException {
        byte[] bytes = new byte[PartialSignature.BYTES];
        bytes[0] = (byte) 0xc0;
        return PartialSignature.parse(index, bytes);
      }
    };

    abstract PartialSignature partial(World world, int index) throws MalformedPointException;
  }

  /** A group and its dealer. */
  private static final class World {
    private final Polynomial polynomial;
    private final GroupKey key;

    World(int threshold, int participants) throws MalformedPointException {
      polynomial = Polynomial.random(threshold, new SecureRandom());
      key = GroupKey.of(polynomial.publicKey(), polynomial.commitments(), participants);
    }

    List<Integer> everyone() {
      return IntStream.rangeClosed(1, key.participants()).boxed().toList();
    }

    PartialSignature partial(int index) {
      return polynomial.share(index).sign(MESSAGE);
    }

    List<PartialSignature> partials(List<Integer> indexes, byte[] message) {
      return indexes.stream().map(index -> polynomial.share(index).sign(message)).toList();
    }

    Set<Integer> wrong(PartialSignature partial) {
      return key.combine(MESSAGE, List.of(partial)).wrong();
    }

    Signature signedBy(List<Integer> indexes) {
      return key.combine(MESSAGE, partials(indexes, MESSAGE)).signature().orElseThrow();
    }
  }
}
