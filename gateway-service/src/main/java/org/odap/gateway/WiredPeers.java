package org.odap.gateway;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.edge.JsonChannel;
import org.odap.gateway.GatewayConfig.BackupConfig;
import org.odap.gateway.GatewayConfig.Binding;
import org.odap.gateway.GatewayConfig.PeerConfig;
import org.odap.gateway.GatewayConfig.ResourcesConfig;
import org.odap.gateway.directory.ListedPeers;
import org.odap.gateway.directory.VaspDirectory;
import org.odap.gateway.peer.CertifiedKeys;
import org.odap.gateway.peer.Peer;
import org.odap.gateway.peer.PeerSource;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.peer.ReplicaLink;
import org.odap.gateway.peer.Replicas;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** Puts together the ways to other gateways: those configured, and those the directory lists. */
final class WiredPeers {
  private WiredPeers() {}

  static Peers of(
      GatewayConfig config,
      ServiceAssembly service,
      Optional<? extends VaspDirectory> directory,
      Clock clock) {
    PeerSource others =
        config
            .resources()
            .flatMap(rules -> listed(config, rules, service, directory.orElseThrow(), clock))
            .map(PeerSource.class::cast)
            .orElse(PeerSource.NONE);
    return new Peers(config.peers().stream().map(peer -> peer(peer, service)).toList(), others);
  }

  private static Optional<ListedPeers> listed(
      GatewayConfig config,
      ResourcesConfig rules,
      ServiceAssembly service,
      VaspDirectory directory,
      Clock clock) {
    TlsMaterial tls = service.tls();
    Set<String> named =
        Stream.concat(
                config.tls().trusted().stream().map(TrustedOrganization::organization),
                Stream.of(tls.identity().organization()))
            .collect(Collectors.toSet());
    return rules
        .peers()
        .map(listed ->
            service.add(
                new ListedPeers(
                    listed,
                    rules.ttl(),
                    directory,
                    new ListedPeers.Surroundings(
                        named, tls::list, (target, binding) -> link(binding, target, tls)),
                    clock)));
  }

  private static Peer peer(PeerConfig config, ServiceAssembly service) {
    List<List<X509Certificate>> chains = new ArrayList<>();
    List<Replicas.Replica> replicas = new ArrayList<>();
    List<BackupConfig> all = new ArrayList<>(config.backups());
    all.addFirst(new BackupConfig(config.target().address(), config.certificate()));
    for (BackupConfig one : all) {
      List<X509Certificate> chain = Pem.certificates(one.certificate());
      chains.add(chain);
      RpcTarget target = new RpcTarget(one.address(), config.target().identity());
      replicas.add(
          new Replicas.Replica(
              SigningKey.encode(chain.getFirst().getPublicKey()),
              link(config.binding(), target, service)));
    }
    return new Peer(
        config.target().identity(),
        new CertifiedKeys(chains),
        new Replicas(replicas),
        Set.copyOf(config.ledgers()));
  }

  private static ReplicaLink link(Binding binding, RpcTarget target, ServiceAssembly service) {
    return switch (binding) {
      case GRPC -> ReplicaLink.overGrpc(service.channel(target));
      case JSON -> ReplicaLink.overJson(service.add(new JsonChannel(target, service.tls())));
    };
  }

  /** A way that ends before the service does. */
  private static ReplicaLink link(Binding binding, RpcTarget target, TlsMaterial tls) {
    return switch (binding) {
      case GRPC -> ReplicaLink.overGrpc(RpcChannels.channel(target, tls));
      case JSON -> ReplicaLink.overJson(new JsonChannel(target, tls));
    };
  }
}
