package org.odap.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;

/** Which of several gateways in front of a ledger an order goes to that names none (IT IV.A). */
@Timeout(20)
class PeersTest {
  private static final int ORDERS = 300;

  private final List<FakeReplica> replicas =
      IntStream.rangeClosed(1, 3).mapToObj(i -> new FakeReplica("gateway-" + i)).toList();
  private final Peers peers = new Peers(replicas.stream().map(PeersTest::peer).toList());

  @TempDir static Path folder;
  private static CertifiedKeys keys;

  @BeforeAll
  static void issue() {
    Identity gateway = new Identity("odapgw://beta.example/gateway-1");
    DevelopmentPki pki = DevelopmentPki.create(folder, "beta.example");
    keys =
        new CertifiedKeys(
            List.of(Pem.certificates(pki.issue(gateway, "gateway", List.of()).certificate())));
  }

  private static Peer peer(FakeReplica replica) {
    return new Peer(
        replica.replica().pubkey(),
        keys,
        new Replicas(List.of(replica.replica())),
        Set.of("ledger-b"));
  }

  @AfterEach
  void close() {
    replicas.forEach(FakeReplica::close);
  }

  private Map<String, Integer> chosen() {
    Map<String, Integer> chosen = new HashMap<>();
    for (int order = 0; order < ORDERS; order++) {
      chosen.merge(peers.anyInFrontOf("ledger-b").orElseThrow(), 1, Integer::sum);
    }
    return chosen;
  }

  /** Each third of the time: fewer than 50 of 300 come once in a billion runs. */
  @Test
  @Tag("IT-7")
  void itIsAnyOfThemByChance() {
    assertThat(chosen())
        .hasSize(3)
        .allSatisfy((gateway, times) -> assertThat(times).isGreaterThan(50));
  }

  @Test
  @Tag("IT-7")
  void itIsOneThatCanBeReached() throws InterruptedException {
    replicas.get(1).end();
    assertThat(chosen()).containsOnlyKeys("gateway-1", "gateway-3");
  }

  @Test
  @Tag("IT-7")
  void nobodyIsInFrontOfALedgerThatNobodyNames() {
    assertThat(peers.anyInFrontOf("ledger-c")).isEqualTo(Optional.empty());
  }
}
