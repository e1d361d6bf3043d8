package org.odap.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.GatewayConfig.ListedPeersConfig;
import org.odap.gateway.peer.Peer;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.peer.ReplicaLink;
import org.odap.runtime.identity.ListedOrganization;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcTarget;

/** Peers that the directory alone makes known, and what becomes of them as it changes. */
@Tag("ARCH-8")
class ListedPeersTest {
  private static final String GATEWAY = ListedBeta.GATEWAY;

  @TempDir Path folder;
  private ListedBeta beta;
  private final Told directory = new Told();
  private final List<RpcTarget> opened = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private List<ListedOrganization> trusted = List.of();

  @BeforeEach
  void list() {
    beta = new ListedBeta(folder);
    directory.told.put(ListedBeta.ORGANIZATION, beta.vasp());
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void aPeerIsFoundTrustedAndReachedAsListed() {
    ListedPeers peers = named("beta.example");
    peers.look();

    assertThat(trusted)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.organization()).isEqualTo("beta.example");
          assertThat(one.members().get(GATEWAY))
              .containsExactlyInAnyOrder(beta.key("gateway-1"), beta.key("backup-1"));
        });
    assertThat(peers.identities()).containsExactly(GATEWAY);
    assertThat(opened).as("nobody is called before he is dealt with").isEmpty();
    Peer peer = peers.find(GATEWAY).orElseThrow();
    assertThat(opened)
        .extracting(RpcTarget::address)
        .containsExactly("primary.beta.example:7000", "backup.beta.example:7000");
    assertThat(peer.keys().chain(beta.key("backup-1"))).isEqualTo(beta.chain("backup-1"));
    assertThat(peers.find("odapgw://beta.example/gateway-9")).isEmpty();
  }

  @Test
  void nobodyIsAPeerWhoseOrganizationIsNotSaid() {
    ListedPeers others = named("gamma.example");
    others.look();
    assertThat(others.find(GATEWAY)).isEmpty();
    assertThat(others.find("no identity")).isEmpty();
    assertThat(trusted).isEmpty();
    assertThat(directory.asked).as("not even asked about").doesNotContain("beta.example");

    ListedPeers ofFiles = peers(anyActive(Optional.empty()), Set.of("beta.example"));
    ofFiles.look();
    assertThat(ofFiles.find(GATEWAY)).as("of whom the configuration speaks").isEmpty();
    assertThat(trusted).isEmpty();
  }

  @Test
  void anyMeansWhomTheDirectoryLists() {
    ListedPeers peers = peers(anyActive(Optional.empty()), Set.of());
    peers.look();
    assertThat(peers.find(GATEWAY)).isPresent();
    assertThat(peers.find("odapgw://gamma.example/gateway-1")).isEmpty();
    assertThatThrownBy(() -> new Peers(List.of(), peers).get("odapgw://gamma.example/gateway-1"))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_PEER_UNKNOWN));
  }

  @Test
  void whoIsNotKnownYetIsAskedAboutAtOnce() {
    ListedPeers peers = named("beta.example");
    assertThat(peers.find(GATEWAY)).isPresent();
    assertThat(trusted).as("before he is called").hasSize(1);
  }

  @Test
  void whileTheDirectoryIsDownWhoIsKnownStaysAndWhoIsNotMayBeAskedForAgain() {
    ListedPeers peers = named("beta.example");
    directory.down = true;
    peers.look();
    assertThatThrownBy(() -> peers.find(GATEWAY))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE));

    directory.down = false;
    peers.look();
    directory.down = true;
    peers.look();
    assertThat(peers.find(GATEWAY)).isPresent();
    assertThat(trusted).hasSize(1);
  }

  @Test
  void aSuspendedVaspStaysReachableForWhatIsUnderWay() {
    ListedPeers peers = named("beta.example");
    peers.look();
    directory.told.put("beta.example", beta.vasp().toBuilder().setStatus("suspended").build());
    peers.look();
    assertThat(peers.find(GATEWAY)).isPresent();
    assertThat(trusted).hasSize(1);
  }

  @Test
  void whoIsListedNoLongerIsNotTrustedThoughItsKeysStayKnownForEvidence() {
    ListedPeers peers = named("beta.example");
    peers.look();
    assertThat(peers.find(GATEWAY)).isPresent();
    directory.told.clear();
    peers.look();
    assertThat(trusted).isEmpty();
    assertThat(peers.identities()).isEmpty();
    assertThat(peers.find(GATEWAY).orElseThrow().keys().chain(beta.key("gateway-1"))).isNotEmpty();
  }

  @Test
  void whatChangesInTheDirectoryIsTakenUp() {
    GetVaspResponse alone =
        beta.vasp().toBuilder().clearGateways().addGateways(beta.gateway()).build();
    directory.told.put("beta.example", alone);
    ListedPeers peers = named("beta.example");
    peers.look();
    Peer before = peers.find(GATEWAY).orElseThrow();
    assertThat(before.keys().chain(beta.backup().getPubkey())).isEmpty();

    directory.told.put(
        "beta.example",
        beta.vasp().toBuilder()
            .clearGateways()
            .addGateways(beta.gateway().toBuilder().setEndpoint("moved.beta.example:7000"))
            .addGateways(beta.backup())
            .build());
    peers.look();

    Peer now = peers.find(GATEWAY).orElseThrow();
    assertThat(now.keys().chain(beta.key("backup-1"))).isNotEmpty();
    assertThat(trusted.getFirst().members().get(GATEWAY)).hasSize(2);
    assertThat(opened)
        .extracting(RpcTarget::address)
        .containsExactly(
            "primary.beta.example:7000", "moved.beta.example:7000", "backup.beta.example:7000");
    assertThat(channels.getFirst().isShutdown()).as("the way to the old place").isTrue();
    assertThat(channels.getLast().isShutdown()).isFalse();
  }

  @Test
  void afterAStartWithoutTheDirectoryTheLastThatItToldIsKnown() throws Exception {
    Path memory = folder.resolve("peers.json");
    peers(anyActive(Optional.of(memory)), Set.of()).look();

    trusted = List.of();
    directory.down = true;
    ListedPeers again = peers(anyActive(Optional.of(memory)), Set.of());
    again.start();
    try {
      assertThat(trusted).hasSize(1);
      assertThat(again.find(GATEWAY)).isPresent();
    } finally {
      again.stop(Duration.ofSeconds(1));
    }
    // The configuration has the last word, whatever was kept.
    trusted = List.of();
    ListedPeers narrowed =
        peers(
            new ListedPeersConfig(List.of("gamma.example"), false, Optional.of(memory)), Set.of());
    narrowed.start();
    narrowed.stop(Duration.ofSeconds(1));
    assertThat(narrowed.find(GATEWAY)).isEmpty();
    assertThat(trusted).isEmpty();
  }

  private ListedPeers named(String organization) {
    return peers(new ListedPeersConfig(List.of(organization), false, Optional.empty()), Set.of());
  }

  private static ListedPeersConfig anyActive(Optional<Path> memory) {
    return new ListedPeersConfig(List.of(), true, memory);
  }

  private ListedPeers peers(ListedPeersConfig config, Set<String> named) {
    return new ListedPeers(
        config,
        Duration.ofHours(1),
        directory,
        new ListedPeers.Surroundings(named, told -> trusted = told, (target, any) -> link(target)),
        Clock.systemUTC());
  }

  private ReplicaLink link(RpcTarget target) {
    opened.add(target);
    ManagedChannel channel = NettyChannelBuilder.forTarget(target.address()).build();
    channels.add(channel);
    return ReplicaLink.overGrpc(channel);
  }

  /** A directory by hand. */
  private static final class Told implements VaspDirectory {
    private final Map<String, GetVaspResponse> told = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private volatile boolean down;

    @Override
    public Optional<GetVaspResponse> vasp(String organization) {
      return vaspAnew(organization);
    }

    @Override
    public Optional<GetVaspResponse> vaspAnew(String organization) {
      asked.add(organization);
      return vasps().stream()
          .filter(vasp -> vasp.getOrganization().equals(organization))
          .findFirst();
    }

    @Override
    public List<GetVaspResponse> vasps() {
      if (down) {
        throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "down");
      }
      return List.copyOf(told.values());
    }
  }
}
