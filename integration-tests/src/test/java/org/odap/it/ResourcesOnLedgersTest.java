package org.odap.it;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.cli.client.ClientProfile;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.it.system.Calls;
import org.odap.it.system.NativePayments;
import org.odap.it.system.Organization;
import org.odap.it.system.ResourceClient;
import org.odap.it.system.RestCalls;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/**
 * Every action of ODAP 5.10 on every kind of ledger through the gateway, over gRPC and over HTTP
 * and JSON: what a ledger says it can do is done, and seen on the ledger itself; the rest is
 * refused.
 */
class ResourcesOnLedgersTest {
  @ParameterizedTest
  @EnumSource(LedgerKind.class)
  @Tag("ODAP-11")
  @Tag("ODAP-12")
  @Tag("ODAP-13")
  @Tag("OURS-5")
  void everyActionIsDoneOrRefused(LedgerKind kind) throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "resources-");
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", kind),
            new Side("beta", LedgerKind.SQL),
            true,
            SystemPlan.SMALL,
            0,
            Map.of("sessions", Map.of("idle", "1s")));
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), progress -> {})) {
      RunningSide alpha = system.alpha();
      ClientProfile profile = ConfigFile.read(alpha.profile(), ClientProfile.class);
      TlsMaterial tls = TlsMaterial.load(profile.tls());
      ManagedChannel channel = RpcChannels.channel(profile.gateway(), tls);
      try (HttpClient http = Organization.http(tls, profile.gateway());
          LedgerView own = LedgerView.of(alpha);
          LedgerView other = LedgerView.of(system.beta())) {
        ResourceClient grpc = new Calls(channel, alpha.side().client());
        ResourceClient rest = new RestCalls(http, alpha.edge(), alpha.side().client());
        int asset = 4711;
        for (ResourceClient client : List.of(grpc, rest)) {
          try (NativePayments payments =
              NativePayments.of(alpha, system.folder(alpha.side()), client)) {
            new ActionsOnLedger(client, alpha, own, payments, Integer.toString(asset++))
                .all(system.beta(), other);
          }
        }
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
