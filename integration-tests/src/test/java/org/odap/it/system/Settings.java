package org.odap.it.system;

import static org.odap.cli.system.YamlFile.ordered;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.odap.cli.system.YamlFile;
import org.odap.core.access.Permission;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.rpc.RpcTarget;

/** The configuration files of one organization's services. */
final class Settings {
  private static final String UNIQUE_CLASS = "titles";
  private static final String FUNGIBLE_CLASS = "cash";

  private final Organization own;
  private final List<Organization> peers;
  private final Map<String, Object> listed;
  private final TrackerServer tracker;
  private final TraceCollector traces;

  /**
   * Settings of an organization.
   *
   * @param peers the other organizations it knows; all others are strangers to it
   * @param tracker where its transfers may be posted to
   * @param traces where its services tell their spans
   */
  Settings(
      Organization own, List<Organization> peers, TrackerServer tracker, TraceCollector traces) {
    this(own, peers, tracker, traces, Map.of());
  }

  /**
   * Settings of an organization.
   *
   * @param listed what it says of those whom it knows from its directory alone; empty = nobody
   */
  Settings(
      Organization own,
      List<Organization> peers,
      TrackerServer tracker,
      TraceCollector traces,
      Map<String, Object> listed) {
    this.own = own;
    this.peers = List.copyOf(peers);
    this.tracker = tracker;
    this.traces = traces;
    this.listed = listed;
  }

  Path log() {
    Map<String, Object> settings =
        service(
            "odaplog",
            "log",
            own.log(),
            List.of(),
            List.of(
                caller(
                    own.gateway().identity(),
                    "odap.log.v1.LogStorageService",
                    "odap.log.v1.LogApiService",
                    "odap.log.v1.LeaseService",
                    "odap.log.v1.LogOperationService"),
                caller(own.client().uri(), "odap.log.v1.LogOperationService")));
    settings.put("edge", ordered("port", port(own.logEdge())));
    settings.put("data-directory", own.logData().toString());
    settings.put("backup", ordered("directory", own.logBackups().toString()));
    return written("log", settings);
  }

  Path resources() {
    Map<String, Object> settings =
        service(
            "odapdir",
            "resources",
            own.resourceServer(),
            List.of(),
            List.of(
                caller(own.gateway().identity(), "odap.resource.v1.OffDltResourceService"),
                caller(own.client().uri(), "odap.resource.v1.OffDltResourceService")));
    settings.put("edge", ordered("port", port(own.resourceEdge())));
    settings.put("catalog-directory", Directory.of(own).folder().toString());
    settings.put("catalog-interval", "100ms");
    settings.put("data-directory", own.folder().resolve("resources-data").toString());
    return written("resources", settings);
  }

  /** Owners on these ledgers approve each lock themselves, as on most. */
  Path ledger(String dltSystem) {
    Map<String, Object> settings =
        service(
            "odapledger",
            dltSystem,
            own.ledger(dltSystem),
            List.of(),
            List.of(
                caller(own.gateway().identity(), "odap.ledger.v1.LedgerService"),
                caller(own.client().uri(), "odap.ledger.v1.LedgerService")));
    settings.put("dlt-system", dltSystem);
    settings.put(
        "jdbc-url", "jdbc:h2:file:" + own.folder().resolve(dltSystem + "-data").resolve("ledger"));
    settings.put(
        "asset-classes",
        List.of(
            ordered("name", UNIQUE_CLASS, "kind", "unique"),
            ordered("name", FUNGIBLE_CLASS, "kind", "fungible")));
    return written("ledger-" + dltSystem, settings);
  }

  Path gateway(List<Profile> profiles) {
    TlsFiles tls =
        own.certificate("odapgw", "gateway-1", peers.stream().map(Organization::entity).toList());
    return gateway("gateway", tls, own.gateway(), own.gatewayEdge(0), profiles);
  }

  /** A backup of that gateway: the same identity, a key of its own. */
  Path backup(int number, List<Profile> profiles) {
    TlsFiles tls = own.backupCertificate(number, peers.stream().map(Organization::entity).toList());
    return gateway("backup-" + number, tls, own.backup(number), own.gatewayEdge(number), profiles);
  }

  private Path gateway(
      String file, TlsFiles tls, RpcTarget target, RpcTarget edge, List<Profile> profiles) {
    List<Map<String, Object>> callers = new ArrayList<>();
    List<Identity> clients = new ArrayList<>(List.of(own.client(), own.clerk()));
    clients.addAll(own.approvers());
    for (Identity client : clients) {
      callers.add(
          caller(
              client.uri(),
              "odap.client.v1.TransferService",
              "odap.client.v1.OperationService",
              "odap.client.v1.ResourceService"));
    }
    peers.forEach(
        peer -> callers.add(caller(peer.gateway().identity(), "odap.peer.v1.PeerService")));
    Map<String, Object> settings = service(tls, target, callers);
    settings.put("access-file", accessFile().toString());
    settings.put(
        "edge", ordered("port", port(edge), "port-file", own.edgePortFile(file).toString()));
    settings.put("log", YamlFile.target(own.log()));
    settings.put("lease", ordered("duration", "3s"));
    settings.put(
        "ledgers",
        own.ledgers().stream()
            .map(ledger ->
                ordered(
                    "dlt-system",
                    ledger,
                    "adapter",
                    YamlFile.target(own.ledger(ledger)),
                    "deadline",
                    "5s"))
            .toList());
    settings.put(
        "peers",
        peers.stream()
            .map(peer ->
                ordered(
                    "target",
                    YamlFile.target(speaksJsonTo(peer) ? peer.gatewayEdge(0) : peer.gateway()),
                    "binding",
                    speaksJsonTo(peer) ? "json" : "grpc",
                    "certificate",
                    certificate(peer, "gateway-1"),
                    "backups",
                    backups(peer)))
            .toList());
    settings.put(
        "replicas",
        Stream.concat(
                Stream.of(certificate(own, "gateway-1")),
                backupNumbers().mapToObj(number -> certificate(own, "backup-" + number)))
            .toList());
    Map<String, Object> resources =
        ordered(
            "target",
            YamlFile.target(own.resourceServer()),
            "ttl",
            "1s",
            // Of those known from the directory alone it is asked in any case.
            "active-vasps-only",
            !listed.containsKey("any-active"));
    if (!listed.isEmpty()) {
      resources.put("peers", listed);
    }
    settings.put("resources", resources);
    settings.put(
        "travel-rule",
        ordered(
            "vasp",
            own.vasp(),
            "key",
            own.encryptionKey().toString(),
            "required-above",
            ordered(Profile.WIRE.id(), "0"),
            "readers",
            List.of(own.client().uri())));
    settings.put(
        "trackers",
        List.of(
            ordered(
                "origin",
                tracker.origin(),
                "secret-file",
                tracker.secretFile().toString(),
                "authorities",
                tracker.authorities().toString(),
                "timeout",
                "30s",
                "patience",
                "1s")));
    settings.put("asset-profiles", profiles.stream().map(this::profile).toList());
    settings.put(
        "policy",
        ordered(
            "approval-profiles",
            List.of(Profile.ART.id()),
            "denied-profiles",
            List.of(Profile.ARMS.id()),
            "approvals",
            List.of(
                ordered(
                    "approvers",
                    2,
                    "asset-profiles",
                    List.of(Profile.GOLD.id()),
                    "amount-above",
                    "20")),
            "anchor-log",
            own.name().equals("alpha")));
    settings.put(
        "timing",
        ordered(
            "clock-skew", "100ms",
            "round-trip", "200ms",
            "remote-finality", "100ms",
            "lock-min", "1s",
            "patience", "3s"));
    return written(file, settings);
  }

  private Path accessFile() {
    writeAccess(own, Map.of());
    return own.accessFile();
  }

  /** The client may do everything, the clerk what is said. */
  static void writeAccess(Organization own, Map<ResourceDescriptor, Set<Permission>> clerks) {
    List<Map<String, Object>> rules = new ArrayList<>();
    ResourceDescriptor all = own.resources().gateway();
    rules.add(rule(all, own.client(), Set.of(Permission.values())));
    own.approvers()
        .forEach(approver ->
            rules.add(rule(all, approver, Set.of(Permission.VIEW, Permission.APPROVE))));
    clerks.forEach((on, permissions) -> rules.add(rule(on, own.clerk(), permissions)));
    YamlFile.write(
        own.accessFile(),
        ordered(
            "rules",
            rules,
            "access-requests",
            List.of(ordered("on", all.format(), "how", "ask the office"))));
  }

  private static Map<String, Object> rule(
      ResourceDescriptor on, Identity client, Set<Permission> permissions) {
    return ordered(
        "clients",
        List.of(client.uri()),
        "may",
        permissions.stream()
            .map(permission -> permission.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList(),
        "on",
        List.of(on.format()));
  }

  /** Beta's messages to alpha are JSON over HTTP, alpha's to beta are not. */
  private boolean speaksJsonTo(Organization peer) {
    return own.name().equals("beta") && peer.name().equals("alpha");
  }

  private List<Map<String, Object>> backups(Organization one) {
    return backupNumbers()
        .mapToObj(number ->
            ordered(
                "address",
                speaksJsonTo(one)
                    ? one.gatewayEdge(number).address()
                    : one.backup(number).address(),
                "certificate",
                certificate(one, "backup-" + number)))
        .toList();
  }

  private static IntStream backupNumbers() {
    return IntStream.rangeClosed(1, Organization.BACKUPS);
  }

  private static String certificate(Organization one, String gateway) {
    return one.folder().resolve("pki").resolve("odapgw-" + gateway + ".pem").toString();
  }

  private Map<String, Object> profile(Profile profile) {
    Path file = own.folder().resolve(profile.name().toLowerCase(java.util.Locale.ROOT) + ".json");
    try {
      Files.createDirectories(own.folder());
      Files.writeString(file, profile.json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Object> classes = new LinkedHashMap<>();
    own.ledgers().forEach(ledger -> classes.put(ledger, profile.assetClass()));
    return ordered("file", file.toString(), "classes", classes);
  }

  private Map<String, Object> service(
      String scheme,
      String member,
      RpcTarget target,
      List<TrustedOrganization> others,
      List<Map<String, Object>> callers) {
    return service(own.certificate(scheme, member, others), target, callers);
  }

  private Map<String, Object> service(
      TlsFiles tls, RpcTarget target, List<Map<String, Object>> callers) {
    Map<String, Object> server = ordered("port", port(target), "callers", callers);
    // More than any story needs, and few enough to be exceeded by one that tries.
    server.put("limits", ordered("calls-per-second", 300));
    return ordered(
        "tls",
        YamlFile.tls(tls),
        "server",
        server,
        "operations",
        ordered(
            "admin-token-file",
            own.adminTokenFile().toString(),
            "tracing",
            ordered("endpoint", traces.endpoint(), "delay", "100ms")));
  }

  private static Integer port(RpcTarget target) {
    return Integer.valueOf(target.address().substring(target.address().lastIndexOf(':') + 1));
  }

  private static Map<String, Object> caller(String identity, String... services) {
    return ordered("identity", identity, "services", List.of(services));
  }

  private Path written(String name, Map<String, Object> settings) {
    Path file = own.folder().resolve(name + ".yaml");
    YamlFile.write(file, settings);
    return file;
  }
}
