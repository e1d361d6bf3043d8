package org.odap.it.system;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.odap.cli.system.YamlFile;
import org.odap.core.access.Permission;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.lifecycle.FreePorts;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** An organization with a gateway, a log service, ledgers and clients (ARCH 5). */
public final class Organization {
  /** Gateways that may stand in for the first. */
  static final int BACKUPS = 3;

  private final String name;
  private final List<String> ledgers;
  private final Path folder;
  private final DevelopmentPki pki;
  private final List<Integer> ports;
  private final TlsFiles encryption;
  private final Map<RpcTarget, ManagedChannel> channels = new ConcurrentHashMap<>();

  Organization(String name, List<String> ledgers, Path root) {
    this.name = name;
    this.ledgers = List.copyOf(ledgers);
    this.folder = root.resolve(name);
    this.pki = DevelopmentPki.create(folder.resolve("pki"), name + ".example");
    this.ports = FreePorts.find(6 + ledgers.size() + 2 * BACKUPS);
    this.encryption = pki.issue(identity("odapkey", "travel-rule"), "travel-rule", List.of());
  }

  /** Short name, as in the names of its processes. */
  public String name() {
    return name;
  }

  /** Its ledgers (DLT systems). */
  public List<String> ledgers() {
    return ledgers;
  }

  Path folder() {
    return folder;
  }

  /** Its entity certificate. */
  public TrustedOrganization entity() {
    return pki.asTrusted();
  }

  /** Its gateway. */
  public RpcTarget gateway() {
    return target(0, "odapgw", "gateway-1");
  }

  /** Where its gateway answers HTTP and JSON, once it serves. */
  public URI gatewayEdge() {
    try {
      return URI.create("https://127.0.0.1:" + Files.readString(edgePortFile("gateway")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file in which one of its gateways says at which port. */
  Path edgePortFile(String gateway) {
    return folder.resolve(gateway + "-edge.port");
  }

  /** A gateway of the same identity at another place, from 1. */
  public RpcTarget backup(int number) {
    return target(1 + ledgers.size() + number, "odapgw", "gateway-1");
  }

  /** The JSON edge of its gateway, number 0, or of a backup. */
  public RpcTarget gatewayEdge(int number) {
    return target(2 + ledgers.size() + BACKUPS + number, "odapgw", "gateway-1");
  }

  /** The JSON edge of its log service. */
  public RpcTarget logEdge() {
    return target(3 + ledgers.size() + 2 * BACKUPS, "odaplog", "log");
  }

  /** An HTTP client with the certificate of one of its members, who expects that service. */
  public HttpClient http(String scheme, String member, RpcTarget server) {
    // Under a name of its own: the member's services have their files.
    return http(
        TlsMaterial.load(pki.issue(identity(scheme, member), "http-" + member, List.of())), server);
  }

  /** An HTTP client with a certificate, who expects that service. */
  public static HttpClient http(TlsMaterial tls, RpcTarget server) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {tls.keyManager()},
          new TrustManager[] {tls.trustManagerFor(new Identity(server.identity()))},
          null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate of a backup: its own key, the gateway's name. */
  TlsFiles backupCertificate(int number, List<TrustedOrganization> others) {
    return pki.issue(identity("odapgw", "gateway-1"), "odapgw-backup-" + number, others);
  }

  /** The certificate that its gateway has, for somebody who trusts others besides. */
  public TlsFiles gatewayFiles(List<TrustedOrganization> others) {
    Path files = folder.resolve("pki");
    return new TlsFiles(
        files.resolve("odapgw-gateway-1.pem"),
        files.resolve("odapgw-gateway-1-key.pem"),
        Stream.concat(Stream.of(entity()), others.stream()).toList());
  }

  /** Its server of resources outside any ledger. */
  public RpcTarget resourceServer() {
    return target(4 + ledgers.size() + 2 * BACKUPS, "odapdir", "resources");
  }

  /** The JSON edge of that server. */
  public RpcTarget resourceEdge() {
    return target(5 + ledgers.size() + 2 * BACKUPS, "odapdir", "resources");
  }

  /** Id of its VASP. */
  public String vasp() {
    return ("529900" + name.toUpperCase(Locale.ROOT) + "000000000000").substring(0, 18) + "01";
  }

  /** File of the token with which log levels are changed, made when it is first asked for. */
  Path adminTokenFile() {
    Path file = folder.resolve("admin-token");
    if (!Files.exists(file)) {
      try {
        Files.writeString(file, UUID.randomUUID() + "" + UUID.randomUUID());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return file;
  }

  /** File of the key that travel-rule data for its gateway are encrypted to. */
  Path encryptionKey() {
    return encryption.key();
  }

  /** The public half of that key. */
  String encryptionPubkey() {
    return SigningKey.encode(Pem.certificates(encryption.certificate()).getFirst().getPublicKey());
  }

  /** Its log service. */
  public RpcTarget log() {
    return target(1, "odaplog", "log");
  }

  /** The adapter of one of its ledgers. */
  public RpcTarget ledger(String dltSystem) {
    return target(2 + ledgers.indexOf(dltSystem), "odapledger", dltSystem);
  }

  /** The client that may order transfers here. */
  public Identity client() {
    return identity("odapclient", "treasury");
  }

  /** A client known to its gateway, who may do what a story allows. */
  public Identity clerk() {
    return identity("odapclient", "clerk");
  }

  /** Allows its clerk this behind its gateway, and nothing else. */
  public void allowClerk(Permission... permissions) {
    allowClerk(
        permissions.length == 0 ? Map.of() : Map.of(resources().gateway(), Set.of(permissions)));
  }

  /** Allows its clerk this, each on its resource and below, and nothing else. */
  public void allowClerk(Map<ResourceDescriptor, Set<Permission>> permissions) {
    Settings.writeAccess(this, permissions);
  }

  /** Who may do what behind its gateway; the other settings lie beside it. */
  public Path accessFile() {
    return folder.resolve("access.yaml");
  }

  /** A channel to its gateway as one of its clients. */
  public ManagedChannel gatewayAs(String client) {
    return RpcChannels.channel(
        gateway(), TlsMaterial.load(certificate("odapclient", client, List.of())));
  }

  /** Those who approve what is ordered. */
  public List<Identity> approvers() {
    return List.of(identity("odapclient", "approver-1"), identity("odapclient", "approver-2"));
  }

  /** What its log service has on its disk. */
  public Path logData() {
    return folder.resolve("log-data");
  }

  /** Where its log service puts backups. */
  public Path logBackups() {
    return folder.resolve("log-backups");
  }

  /** A file by which its client reaches its log service. */
  public Path logProfile() {
    Path file = folder.resolve("log-profile.yaml");
    YamlFile.write(
        file,
        YamlFile.ordered(
            "log",
            YamlFile.target(log()),
            "tls",
            YamlFile.tls(certificate("odapclient", "treasury", List.of()))));
    return file;
  }

  /** A certificate of one of its members. */
  public TlsFiles certificate(String scheme, String member, List<TrustedOrganization> others) {
    return pki.issue(identity(scheme, member), scheme + "-" + member, others);
  }

  /** A channel as the organization's client. */
  public Channel channel(RpcTarget target) {
    return channels.computeIfAbsent(
        target,
        to ->
            RpcChannels.channel(
                to, TlsMaterial.load(certificate("odapclient", "treasury", List.of()))));
  }

  void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  /** Names of what lies behind its gateway. */
  public GatewayResources resources() {
    return GatewayResources.of(gateway().identity()).orElseThrow();
  }

  /** Clients have a home gateway and a unit in their names, all others do not (ODAP 5.4). */
  Identity identity(String scheme, String member) {
    String organization = scheme + "://" + name + ".example/";
    return new Identity(
        scheme.equals("odapclient")
            ? organization + "gateway-1." + name + ".example/office/" + member
            : organization + member);
  }

  private RpcTarget target(int port, String scheme, String member) {
    return new RpcTarget("127.0.0.1:" + ports.get(port), identity(scheme, member).uri());
  }
}
