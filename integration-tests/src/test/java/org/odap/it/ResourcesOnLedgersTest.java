package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.DiscoverResourcesRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResponseCode;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.cli.client.ClientProfile;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.it.system.Calls;
import org.odap.it.system.Client;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/** The same actions on every kind of ledger, through the gateway (ODAP 5.10). */
class ResourcesOnLedgersTest {
  @ParameterizedTest
  @EnumSource(LedgerKind.class)
  @Tag("ODAP-11")
  @Tag("ODAP-12")
  void assetsAreMadeAndRead(LedgerKind kind) throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "resources-");
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", kind),
            new Side("beta", LedgerKind.SQL),
            true,
            SystemPlan.SMALL);
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), progress -> {})) {
      RunningSide side = system.alpha();
      ClientProfile profile = ConfigFile.read(side.profile(), ClientProfile.class);
      ManagedChannel channel =
          RpcChannels.channel(profile.gateway(), TlsMaterial.load(profile.tls()));
      try {
        act(new Calls(channel, side.side().client()), side);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void act(Calls calls, RunningSide side) {
    ResourceDescriptor ledger = side.side().resources().ledger(side.side().dltSystem());
    assertThat(
            calls
                .service()
                .discoverResources(DiscoverResourcesRequest.getDefaultInstance())
                .getResourcesList())
        .anySatisfy(resource -> {
          assertThat(resource.getResourceUrl()).isEqualTo(ledger.format());
          assertThat(resource.getActionsList())
              .contains(Action.ACTION_READ, Action.ACTION_TRANSFER, Action.ACTION_NATIVE_TXN);
        });
    Asset title =
        Asset.newBuilder()
            .setKind(AssetKind.ASSET_KIND_UNIQUE)
            .setAssetClass(side.names().title())
            .setAssetId("4711")
            .build();
    PerformActionResponse created =
        calls.done(
            calls.action(Action.ACTION_CREATE, ledger).setAsset(title).setAccount(side.holder()));
    assertThat(created.getResponseCode())
        .as(created.getDescription())
        .isEqualTo(ResponseCode.RESPONSE_CODE_SUCCESS);
    assertThat(created.getClaim().getFinality().getFinal()).isTrue();
    assertThat(calls.done(calls.action(Action.ACTION_READ, ledger).setAsset(title)).getResult())
        .contains("4711");
    PerformActionResponse senseless =
        calls.done(
            calls
                .action(Action.ACTION_NATIVE_TXN, ledger)
                .setNativeTransaction(ByteString.copyFromUtf8("no transaction")));
    assertThat(senseless.getResponseCode()).isEqualTo(ResponseCode.RESPONSE_CODE_FAILURE);
    if (side.side().kind() != LedgerKind.SQL) {
      return;
    }
    assertThat(
            Client.reason(() ->
                calls
                    .service()
                    .performAction(
                        calls
                            .action(
                                Action.ACTION_INVOKE,
                                ResourceDescriptor.parse(ledger + "/code").orElseThrow())
                            .setFunction("f")
                            .build())))
        .isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
  }
}
