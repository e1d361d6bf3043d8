package org.odap.gateway.directory;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.GatewayConfig.Binding;
import org.odap.runtime.identity.EntityCertificates;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.ListedOrganization;
import org.odap.runtime.rpc.RpcTarget;

/**
 * A VASP of the directory as far as it can be dealt with: a directory is asked, not believed. Of
 * its gateways only those are here whose certificate names them, is of the key said, and comes from
 * the VASP's own entity (ARCH 6).
 *
 * @param told as the directory told
 * @param entity its entity's certificates; empty when none can be used
 * @param gateways the replicas of each gateway by its identity, backups after the others
 * @param mistakes why others are not here
 */
record ListedVasp(
    GetVaspResponse told,
    List<X509Certificate> entity,
    Map<String, List<Replica>> gateways,
    List<String> mistakes) {
  private static final String SCHEME = "odapgw:";

  /** A gateway or a backup of it: a key, and where it listens. */
  record Replica(
      String pubkey,
      List<X509Certificate> chain,
      RpcTarget target,
      Binding binding,
      boolean backup) {}

  /** Reads what the directory told, at this time. */
  static ListedVasp of(GetVaspResponse told, long now) {
    List<String> mistakes = new ArrayList<>();
    EntityCertificates entity;
    try {
      entity = EntityCertificates.of(told.getOrganization(), told.getEntityCertificate());
    } catch (IdentityException e) {
      return new ListedVasp(told, List.of(), Map.of(), List.of(e.getMessage()));
    }
    Map<String, List<Replica>> gateways = new LinkedHashMap<>();
    for (DirectoryGateway gateway : told.getGatewaysList()) {
      try {
        gateways
            .computeIfAbsent(gateway.getGateway(), any -> new ArrayList<>())
            .add(replica(gateway, entity, now));
      } catch (IdentityException | IllegalArgumentException e) {
        mistakes.add(gateway.getGateway() + ": " + e.getMessage());
      }
    }
    gateways
        .values()
        .forEach(replicas -> {
          List<Replica> backups = replicas.stream().filter(Replica::backup).toList();
          replicas.removeAll(backups);
          // Backups of nobody are none.
          replicas.addAll(replicas.isEmpty() ? List.of() : backups);
        });
    gateways.values().removeIf(List::isEmpty);
    return new ListedVasp(told, entity.certificates(), gateways, mistakes);
  }

  /** What TLS may trust of it: these gateways with these keys, as peers. */
  ListedOrganization trust() {
    Map<String, Set<String>> members =
        gateways.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry ->
                        entry.getValue().stream()
                            .map(Replica::pubkey)
                            .collect(Collectors.toSet())));
    return new ListedOrganization(
        told.getOrganization(), entity, members, List.of(PeerServiceGrpc.SERVICE_NAME));
  }

  private static Replica replica(DirectoryGateway gateway, EntityCertificates entity, long now) {
    Identity identity = new Identity(gateway.getGateway());
    require(
        identity.organization().equals(entity.organization()),
        "gateway: of another organization (expected: of " + entity.organization() + ")");
    require(identity.uri().startsWith(SCHEME), "gateway: not a gateway's identity");
    require(!gateway.getCertificate().isEmpty(), "certificate: none");
    RpcTarget target = new RpcTarget(gateway.getEndpoint(), identity.uri());
    require(target.mistakes().isEmpty(), String.join("; ", target.mistakes()));
    return new Replica(
        gateway.getPubkey(),
        entity.member(identity, gateway.getPubkey(), gateway.getCertificate(), Optional.of(now)),
        target,
        binding(gateway.getBinding()),
        isBackupOf(gateway, identity));
  }

  /** A backup of another identity is a gateway of its own: sessions belong to an identity. */
  private static boolean isBackupOf(DirectoryGateway gateway, Identity identity) {
    return gateway.getBackup()
        && (gateway.getBackupOf().isEmpty() || gateway.getBackupOf().equals(identity.uri()));
  }

  private static Binding binding(String told) {
    return switch (told) {
      case "", "grpc" -> Binding.GRPC;
      case "json" -> Binding.JSON;
      default ->
          throw new IllegalArgumentException(
              "binding: value: " + told + " (expected: grpc or json)");
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
