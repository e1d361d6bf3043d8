package org.odap.log;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.odap.edge.EdgeConfig;
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

  private final DevelopmentPki pki;
  private final DevelopmentPki betas;
  private final RunningService service;
  private final List<ManagedChannel> channels = new ArrayList<>();

  LogServiceFixture(Path directory) throws StartException {
    pki = DevelopmentPki.create(directory.resolve("pki"), "alpha.example");
    betas = DevelopmentPki.create(directory.resolve("pki-beta"), "beta.example");
    List<CallerRule> callers =
        Stream.of(GATEWAY, BACKUP, CLIENT, COUNTERPARTY, THIRD)
            .map(caller ->
                new CallerRule(
                    caller.uri(),
                    List.of("odap.log.v1.LogStorageService", "odap.log.v1.LeaseService")))
            .toList();
    LogConfig config =
        new LogConfig(
            pki.issue(LOG, "log", List.of(betas.asTrusted())),
            RpcServerConfig.loopback(callers),
            OperationsConfig.standard(),
            Optional.of(EdgeConfig.loopback()),
            directory.resolve("data"),
            Optional.empty());
    service = LogMain.service().start(config, Set.of());
  }

  int operationsPort() {
    return service.operationsPort();
  }

  ManagedChannel channel(Identity caller) {
    DevelopmentPki issuer = caller.organization().equals(pki.organization()) ? pki : betas;
    DevelopmentPki other = issuer == pki ? betas : pki;
    String name = caller.uri().substring(caller.uri().lastIndexOf('/') + 1);
    TlsFiles files = issuer.issue(caller, name, List.of(other.asTrusted()));
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(files), LOG);
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    service.close();
  }
}
