package org.odap.threshold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that no dealer knows alone, and the same key dealt to another group. */
@Tag("IT-10")
class DealersTest {
  private static final byte[] MESSAGE = "asset 7 is locked".getBytes(UTF_8);

  private final SecureRandom random = new SecureRandom();

  @Test
  void whatAllDealersDealtIsOneKeyThatNoneOfThemKnows() throws Exception {
    List<Polynomial> dealers = dealers(4, 2);
    GroupKey key = sum(dealers, 4);
    List<KeyShare> shares = shares(dealers, 4);
    assertThat(key.combine(MESSAGE, signed(shares, List.of(2, 4))).signature())
        .isPresent()
        .isEqualTo(key.combine(MESSAGE, signed(shares, List.of(1, 3))).signature());
    for (Polynomial dealer : dealers) {
      assertThat(key.publicKey()).isNotEqualTo(dealer.publicKey());
    }
  }

  @Test
  void theKeyStaysWhenItsSharesAreDealtToAnotherGroup() throws Exception {
    List<Polynomial> dealers = dealers(4, 2);
    GroupKey old = sum(dealers, 4);
    List<KeyShare> shares = shares(dealers, 4);

    TreeMap<Integer, Polynomial> again = new TreeMap<>();
    for (int index : List.of(1, 4)) {
      again.put(index, Polynomial.resharing(shares.get(index - 1), 3, random));
    }
    TreeMap<Integer, Commitments> commitments = new TreeMap<>();
    again.forEach((index, polynomial) -> commitments.put(index, polynomial.commitments()));
    assertThat(commitments.get(4).dealShareOf(old, 4)).isTrue();
    assertThat(commitments.get(4).dealShareOf(old, 1)).isFalse();

    GroupKey renewed = GroupKey.of(old.publicKey(), Commitments.reshared(commitments), 7);
    assertThat(renewed.threshold()).isEqualTo(3);
    List<KeyShare> fresh = new ArrayList<>();
    for (int index = 1; index <= 7; index++) {
      TreeMap<Integer, KeyShare> dealt = new TreeMap<>();
      for (int dealer : again.keySet()) {
        dealt.put(dealer, again.get(dealer).share(index));
      }
      fresh.add(KeyShare.reshared(dealt));
    }
    assertThat(renewed.combine(MESSAGE, signed(fresh, List.of(3, 5, 7))).signature())
        .isPresent()
        .isEqualTo(old.combine(MESSAGE, signed(shares, List.of(2, 3))).signature());
    // An old share is worth nothing among new ones. Enough old ones still make the key: they are
    // to be destroyed.
    List<PartialSignature> mixed = new ArrayList<>(signed(fresh, List.of(5, 7)));
    mixed.addAll(signed(shares, List.of(1)));
    assertThat(renewed.combine(MESSAGE, mixed))
        .isEqualTo(new GroupKey.Combination(Optional.empty(), Set.of(1)));
  }

  private List<Polynomial> dealers(int count, int threshold) {
    return IntStream.range(0, count).mapToObj(i -> Polynomial.random(threshold, random)).toList();
  }

  private static GroupKey sum(List<Polynomial> dealers, int participants)
      throws MalformedPointException {
    return GroupKey.of(
        PublicKey.sum(dealers.stream().map(Polynomial::publicKey).toList()),
        Commitments.sum(dealers.stream().map(Polynomial::commitments).toList()),
        participants);
  }

  private static List<KeyShare> shares(List<Polynomial> dealers, int participants) {
    return IntStream.rangeClosed(1, participants)
        .mapToObj(
            index -> KeyShare.sum(dealers.stream().map(dealer -> dealer.share(index)).toList()))
        .toList();
  }

  private static List<PartialSignature> signed(List<KeyShare> shares, List<Integer> indexes) {
    return indexes.stream().map(index -> shares.get(index - 1).sign(MESSAGE)).toList();
  }
}
