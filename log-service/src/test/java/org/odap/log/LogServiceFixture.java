package org.odap.log;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.odap.edge.EdgeConfig;
import org.odap.log.backup.BackupConfig;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.lifecycle.StartException;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;

/** The real service on a loopback port, and callers with certificates of their own. */
final class LogServiceFixture implements AutoCloseable {
  static final Identity LOG = new Identity("odaplog://alpha.example/log");
  static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  static final Identity BACKUP = new Identity("odapgw://alpha.example/gateway-2");
  static final Identity CLIENT = new Identity("odapclient://alpha.example/client-1");
  static final Identity COUNTERPARTY = new Identity("odapgw://beta.example/gateway-1");
  static final Identity THIRD = new Identity("odapgw://beta.example/gateway-2");

  private final Path directory;
  private final DevelopmentPki pki;
  private final DevelopmentPki betas;
  private final RunningService service;
  private final List<ManagedChannel> channels = new ArrayList<>();

  LogServiceFixture(Path directory) throws StartException {
    this.directory = directory;
    pki = DevelopmentPki.create(directory.resolve("pki"), "alpha.example");
    betas = DevelopmentPki.create(directory.resolve("pki-beta"), "beta.example");
    List<CallerRule> callers =
        Stream.of(GATEWAY, BACKUP, CLIENT, COUNTERPARTY, THIRD)
            .map(caller -> new CallerRule(caller.uri(), services(caller)))
            .toList();
    LogConfig config =
        new LogConfig(
            pki.issue(LOG, "log", List.of(betas.asTrusted())),
            RpcServerConfig.loopback(callers),
            OperationsConfig.standard(),
            Optional.of(edge(directory)),
            directory.resolve("data"),
            Optional.empty(),
            Optional.of(new BackupConfig(directory.resolve("backups"), Duration.ofHours(1), 3)),
            Optional.empty(),
            Optional.empty());
    service = LogMain.service().start(config, Set.of());
  }

  private static List<String> services(Identity caller) {
    List<String> services =
        new ArrayList<>(
            List.of(
                "odap.log.v1.LogStorageService",
                "odap.log.v1.LogApiService",
                "odap.log.v1.LeaseService"));
    if (caller.equals(GATEWAY)) {
      services.add("odap.log.v1.LogOperationService");
    }
    return services;
  }

  private static EdgeConfig edge(Path directory) {
    EdgeConfig standard = EdgeConfig.loopback();
    return new EdgeConfig(
        standard.bindAddress(),
        0,
        Optional.of(directory.resolve("edge-port")),
        standard.clientCertificate(),
        standard.bodyBytesMax(),
        standard.addressBytesMax(),
        standard.requestTimeout(),
        standard.connectionsMax());
  }

  /** An HTTP client with that caller's certificate. */
  HttpClient http(Identity caller) throws GeneralSecurityException {
    TlsMaterial tls = material(caller);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {tls.keyManager()}, new TrustManager[] {tls.trustManagerFor(LOG)}, null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  URI edge(String target) throws IOException {
    String port = Files.readString(directory.resolve("edge-port")).strip();
    return URI.create("https://localhost:" + port + target);
  }

  int operationsPort() {
    return service.operationsPort();
  }

  ManagedChannel channel(Identity caller) {
    TlsMaterial tls = material(caller);
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", service.port(), tls, LOG);
    channels.add(channel);
    return channel;
  }

  private TlsMaterial material(Identity caller) {
    DevelopmentPki issuer = caller.organization().equals(pki.organization()) ? pki : betas;
    DevelopmentPki other = issuer == pki ? betas : pki;
    String name = caller.uri().substring(caller.uri().lastIndexOf('/') + 1);
    TlsFiles files = issuer.issue(caller, name, List.of(other.asTrusted()));
    return TlsMaterial.load(files);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    service.close();
  }
}
