package org.odap.gateway.directory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.GatewayConfig.Binding;
import org.odap.gateway.GatewayConfig.ListedPeersConfig;
import org.odap.gateway.peer.CertifiedKeys;
import org.odap.gateway.peer.Peer;
import org.odap.gateway.peer.PeerSource;
import org.odap.gateway.peer.ReplicaLink;
import org.odap.gateway.peer.Replicas;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.ListedOrganization;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers that this gateway knows from the directory alone (ARCH 9.3): it calls them where the
 * directory says, TLS takes the certificates that the directory lists, and their backups are those
 * listed. The directory is looked at now and then, never in a handshake: a stranger must not make
 * us ask. While it is down, what it told last stands, for what is under way; whether a new transfer
 * may begin is asked anew each time ({@link ActiveVasps}).
 *
 * <p>Mutable: what was told, and the ways to those who were dealt with. Guarded by its monitor,
 * read without it; the directory is never asked under it.
 */
public final class ListedPeers implements PeerSource, Part {
  private static final Logger log = LoggerFactory.getLogger(ListedPeers.class);

  private final ListedPeersConfig config;
  private final Duration interval;
  private final VaspDirectory directory;
  private final Surroundings around;
  private final ListedMemory memory;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("directory-peers").daemon().factory());
  private final Map<String, OpenPeer> open = new ConcurrentHashMap<>();
  private final Map<Way, ReplicaLink> links = new HashMap<>();
  private volatile Map<String, ListedVasp> known = Map.of();

  /**
   * What listed peers are put into.
   *
   * @param named organizations that the configuration speaks of, our own among them: the directory
   *     has no say in them
   * @param trust takes what TLS is to trust from now on
   * @param links opens a way to a replica
   */
  public record Surroundings(
      Set<String> named,
      Consumer<List<ListedOrganization>> trust,
      BiFunction<RpcTarget, Binding, ReplicaLink> links) {}

  private record Way(RpcTarget target, Binding binding) {}

  /** A peer that was dealt with; its keys stay known, for evidence. */
  private record OpenPeer(List<ListedVasp.Replica> replicas, Peer peer) {}

  /** Peers of a directory; nothing is known of them before the start. */
  public ListedPeers(
      ListedPeersConfig config,
      Duration ttl,
      VaspDirectory directory,
      Surroundings around,
      Clock clock) {
    this.config = config;
    // So that nothing is older than the time to live, though the directory takes its time.
    this.interval = ttl.dividedBy(2);
    this.directory = directory;
    this.around = around;
    this.memory = new ListedMemory(config.memory());
    this.clock = clock;
  }

  @Override
  public Optional<Peer> find(String identity) {
    Optional<Peer> dealtWith = Optional.ofNullable(open.get(identity)).map(OpenPeer::peer);
    String organization = Identity.parse(identity).map(Identity::organization).orElse("");
    if (dealtWith.isPresent() || !isAllowed(organization)) {
      return dealtWith;
    }
    if (replicas(identity).isEmpty()) {
      directory.vasp(organization).ifPresent(told -> learn(List.of(told), Set.of(organization)));
    }
    return opened(identity);
  }

  @Override
  public Set<String> identities() {
    return known.values().stream()
        .flatMap(vasp -> vasp.gateways().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String name() {
    return "directory-peers";
  }

  @Override
  public void start() {
    List<GetVaspResponse> last =
        memory.read().stream().filter(vasp -> isAllowed(vasp.getOrganization())).toList();
    learn(last, organizations(last));
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
    close(Set.of());
  }

  /** Asks the directory; what it does not answer stays as it was. */
  void look() {
    try {
      if (config.anyActive()) {
        List<GetVaspResponse> told =
            directory.vasps().stream().filter(vasp -> isAllowed(vasp.getOrganization())).toList();
        Set<String> about = new HashSet<>(known.keySet());
        about.addAll(organizations(told));
        learn(told, about);
      } else {
        config.organizations().forEach(this::look);
      }
    } catch (OdapException e) {
      log.atWarn().addKeyValue("cause", e.description()).log("directory not reached");
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("directory could not be read; trying again");
    }
  }

  private void look(String organization) {
    Optional<GetVaspResponse> told = directory.vaspAnew(organization);
    learn(told.stream().toList(), Set.of(organization));
  }

  /** The organizations that may be known from the directory: none but those said. */
  private boolean isAllowed(String organization) {
    return !organization.isEmpty()
        && !around.named().contains(organization)
        && (config.anyActive() || config.organizations().contains(organization));
  }

  private static Set<String> organizations(Collection<GetVaspResponse> vasps) {
    return vasps.stream().map(GetVaspResponse::getOrganization).collect(Collectors.toSet());
  }

  /**
   * Takes what was told of some organizations: those of them that were not told of are gone.
   * Certificates are judged anew each time, as they run out.
   */
  private synchronized void learn(List<GetVaspResponse> told, Set<String> about) {
    Map<String, ListedVasp> now = new HashMap<>(known);
    now.keySet().removeAll(about);
    told.forEach(vasp -> now.put(vasp.getOrganization(), ListedVasp.of(vasp, clock.millis())));
    if (now.equals(known)) {
      return;
    }
    about.forEach(organization -> report(organization, now.get(organization)));
    known = Map.copyOf(now);
    memory.write(known.values().stream().map(ListedVasp::told).toList());
    around.trust().accept(known.values().stream().map(ListedVasp::trust).toList());
    open.keySet().forEach(this::reopen);
    close(
        open.values().stream()
            .flatMap(peer -> peer.replicas().stream())
            .map(ListedPeers::way)
            .collect(Collectors.toSet()));
  }

  private void report(String organization, ListedVasp now) {
    if (now == null) {
      log.atInfo().addKeyValue("organization", organization).log("directory lists it no longer");
    } else if (!now.equals(known.get(organization))) {
      log.atInfo()
          .addKeyValue("organization", organization)
          .addKeyValue("status", now.told().getStatus())
          .addKeyValue("gateways", now.gateways().keySet())
          .addKeyValue("not_usable", now.mistakes())
          .log("directory lists it");
    }
  }

  private List<ListedVasp.Replica> replicas(String identity) {
    return Optional.ofNullable(known.get(new Identity(identity).organization()))
        .map(vasp -> vasp.gateways().get(identity))
        .orElse(List.of());
  }

  private synchronized Optional<Peer> opened(String identity) {
    reopen(identity);
    return Optional.ofNullable(open.get(identity)).map(OpenPeer::peer);
  }

  /** The way to a peer as it is listed now; of one that is no longer listed the last one stays. */
  private void reopen(String identity) {
    List<ListedVasp.Replica> listed = replicas(identity);
    Optional<OpenPeer> before = Optional.ofNullable(open.get(identity));
    if (listed.isEmpty() || before.filter(one -> one.replicas().equals(listed)).isPresent()) {
      return;
    }
    CertifiedKeys keys =
        before
            .map(one -> one.peer().keys())
            .orElseGet(
                () -> new CertifiedKeys(listed.stream().map(ListedVasp.Replica::chain).toList()));
    listed.forEach(replica -> keys.certified(replica.chain()));
    List<Replicas.Replica> ways = new ArrayList<>();
    for (ListedVasp.Replica replica : listed) {
      ways.add(
          new Replicas.Replica(
              replica.pubkey(),
              links.computeIfAbsent(
                  way(replica), way -> around.links().apply(way.target(), way.binding()))));
    }
    open.put(identity, new OpenPeer(listed, new Peer(identity, keys, new Replicas(ways))));
  }

  private static Way way(ListedVasp.Replica replica) {
    return new Way(replica.target(), replica.binding());
  }

  private synchronized void close(Set<Way> except) {
    List<Way> unused = links.keySet().stream().filter(way -> !except.contains(way)).toList();
    unused.forEach(way -> links.remove(way).close());
  }
}
