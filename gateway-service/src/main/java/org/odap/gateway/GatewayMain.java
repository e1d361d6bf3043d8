package org.odap.gateway;

import io.grpc.Channel;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.core.access.Permission;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.resource.GatewayResources;
import org.odap.edge.JsonEdge;
import org.odap.edge.Pages;
import org.odap.gateway.GatewayConfig.LedgerConfig;
import org.odap.gateway.access.Access;
import org.odap.gateway.application.ApplicationPolicy;
import org.odap.gateway.application.ApplicationProfiles;
import org.odap.gateway.client.ClientApi;
import org.odap.gateway.client.TransferAccess;
import org.odap.gateway.client.TransferEndpoint;
import org.odap.gateway.credential.OAuthTokens;
import org.odap.gateway.directory.OffDltResources;
import org.odap.gateway.driver.DriverMetrics;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.TransferDriver;
import org.odap.gateway.driver.WriterNeeds;
import org.odap.gateway.history.TransferHistory;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.gateway.operation.OperatorControl;
import org.odap.gateway.peer.CertifiedKeys;
import org.odap.gateway.peer.PeerEndpoint;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.policy.RulePolicy;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.profile.ProfileRegistry;
import org.odap.gateway.quorum.Quorum;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.gateway.resource.ClientSessions;
import org.odap.gateway.resource.ResourceEndpoint;
import org.odap.gateway.tracker.Tracker;
import org.odap.gateway.tracker.TrackerMetrics;
import org.odap.gateway.tracker.Trackers;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;
import org.odap.runtime.rpc.CurrentCaller;

/** The gateway service: {@code --config gateway.yaml}. */
public final class GatewayMain {
  /** A transfer in flight needs some 60 KiB, more while it is worked on. */
  private static final long HEAP_EACH = 256 << 10;

  private static final Pages CONSOLE =
      new Pages("/console/", GatewayMain.class.getClassLoader(), "console");

  private GatewayMain() {}

  /** Runs the service until it is told to stop. */
  public static void main(String[] args) {
    ServiceMain.of("gateway", GatewayConfig.class, GatewayMain::wire).run(args);
  }

  private static void wire(GatewayConfig config, ServiceAssembly service) throws IOException {
    Clock clock = Clock.systemUTC();
    // Open sessions name the key they began with.
    service.tls().keepKey();
    GatewaySelf self =
        new GatewaySelf(service.tls().identity().uri(), new TlsSigner(service.tls()));
    CertifiedKeys replicas = ownKeys(config, service);
    Access access = service.add(new Access(config.accessFile(), service.metrics()));
    GatewayResources names = names(config, self);
    TokenSchemes tokens =
        TokenSchemes.withProviders(
            config.credentials().issuers().isEmpty()
                ? List.of()
                : List.of(new OAuthTokens(config.credentials().issuers())));
    service.tokens(tokens);
    Ledgers ledgers = ledgers(config, service);
    Optional<OffDltResources> resources =
        config
            .resources()
            .map(one -> new OffDltResources(one, service.channel(one.target()), clock));
    Peers peers = WiredPeers.of(config, service, resources, clock);
    AssetProfiles profiles =
        AssetProfiles.read(
            config.assetProfiles(),
            resources.map(OffDltResources::profiles).orElse(ProfileRegistry.NONE));
    Set<String> dltSystems =
        config.ledgers().stream().map(LedgerConfig::dltSystem).collect(Collectors.toSet());
    QuorumKeys quorums = new QuorumKeys(config.quorumKeys(), config.participants());
    OtherSide others = OtherSide.of(config, self, peers, resources);
    WiredAttestation attestation = WiredAttestation.of(config, self, peers, service);
    Channel log = service.channel(config.log(), LogStorageServiceGrpc.SERVICE_NAME);
    LogClient logs = new LogClient(log, new FailPoints(config.failPoints()));
    TransferHistory history = service.add(new TransferHistory(logs));
    AtomicReference<TransferDriver> writer = new AtomicReference<>();
    OperatorControl control =
        new OperatorControl(
            self,
            logs,
            () -> writer.get().epoch(),
            history,
            service.health().condition("operations"),
            clock);
    Trackers trackers = new Trackers(config.trackers(), clock);
    ApplicationProfiles applications =
        new ApplicationProfiles(config.applicationProfiles(), trackers.allowed());
    Tracker tracker =
        new Tracker(
            control.admission(),
            self,
            logs,
            () -> writer.get().epoch(),
            trackers,
            control::postingAgainAt,
            new TrackerMetrics(service.metrics()),
            clock);
    ClientSessions sessions =
        new ClientSessions(
            () -> writer.get().logs(),
            () -> writer.get().epoch(),
            self,
            config.sessions().idle(),
            clock);
    TransferDriver driver =
        service.add(
            new TransferDriver(
                new TransferDriver.Parts(
                    self,
                    replicas::knows,
                    logs,
                    new LeaseKeeper(
                        log,
                        config.lease().holder().orElseGet(self::pubkey),
                        config.lease().duration()),
                    ledgers,
                    peers,
                    new ApplicationPolicy(
                        new RulePolicy(
                            config.policy(),
                            config.timing(),
                            profiles,
                            dltSystems,
                            ledgers::get,
                            quorums,
                            others.rules()),
                        applications),
                    quorums,
                    attestation.gate(),
                    tracker,
                    others::around,
                    logId -> claimed(logId, tracker, sessions),
                    config.timing(),
                    config.inFlightMax().orElseGet(GatewayMain::heldByHeap),
                    WriterNeeds.of(service.health()),
                    new DriverMetrics(service.metrics(), peers::isKnown),
                    service.tracing(),
                    clock)));
    writer.set(driver);
    service.add(tracker);
    service.add(sessions);
    service.add(control.part());
    service.serve(
        control.service(
            tracker::givenUp,
            () -> access.require(CurrentCaller.get(), Permission.OPERATE, names.gateway())));
    service.serve(
        new PeerEndpoint(
            (request, caller) -> {
              peers.heard(caller, request);
              if (request.type() == MessageType.RECOVER
                  && peers.find(caller.identity().uri()).isPresent()) {
                attestation.forget(request.sessionId());
              }
              OdapMessage answer =
                  driver.receive(request, caller.identity().uri(), caller.publicKey());
              others.agreed(request, answer);
              return answer;
            },
            attestation.own(),
            caller -> peers.find(caller).isPresent()));
    TransferEndpoint transfers =
        ClientApi.transfers(
            driver,
            history,
            ledgers,
            profiles,
            applications,
            new ClientApi.Known(service.tls(), replicas, peers),
            new TransferAccess(access, names, profiles),
            others.counterpart(),
            attestation.gate(),
            quorums,
            config,
            clock);
    service.serve(transfers);
    service.serve(
        new ResourceEndpoint(
            new ResourceEndpoint.Parts(
                self,
                names,
                access,
                ledgers,
                profiles,
                applications,
                sessions,
                transfers,
                tokens.negotiable())));
    config
        .edge()
        .ifPresent(edge ->
            service.door(
                calls -> new JsonEdge(edge, "ODAP gateway", service.tls(), calls, CONSOLE)));
  }

  /** What is no transfer's log is an outbox's, a client's session's, or has ended. */
  private static void claimed(String logId, Tracker tracker, ClientSessions sessions) {
    if (ClientSessions.isLog(logId)) {
      sessions.claimed(logId);
    } else {
      tracker.claimed(logId);
    }
  }

  private static GatewayResources names(GatewayConfig config, GatewaySelf self) {
    String organization = new Identity(self.identity()).organization();
    return config
        .resourceHost()
        .map(host -> GatewayResources.of(organization, host))
        .orElseGet(() -> GatewayResources.of(self.identity()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "resource-host: value: "
                    + config.resourceHost().orElse("none, and none comes of " + self.identity())
                    + " (expected: a host name)"));
  }

  private static Ledgers ledgers(GatewayConfig config, ServiceAssembly service) {
    return new Ledgers(
        config.ledgers().stream()
            .map(ledger ->
                new Ledger(
                    ledger.dltSystem(),
                    service.channel(ledger.adapter(), LedgerServiceGrpc.SERVICE_NAME),
                    ledger.deadline(),
                    ledger
                        .quorum()
                        .map(quorum -> new Quorum(quorum, service.channel(quorum.service())))))
            .toList());
  }

  private static CertifiedKeys ownKeys(GatewayConfig config, ServiceAssembly service) {
    List<List<X509Certificate>> chains = new ArrayList<>();
    chains.add(service.tls().chain());
    config.replicas().forEach(file -> chains.add(Pem.certificates(file)));
    return new CertifiedKeys(chains);
  }

  private static int heldByHeap() {
    return Math.toIntExact(Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_EACH));
  }
}
