package org.odap.ledger.fabric;

import java.time.Duration;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.step.FabricLedger;
import org.odap.runtime.ledger.LedgerServiceEndpoint;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The Fabric adapter as a process. */
public final class FabricLedgerMain {
  private FabricLedgerMain() {}

  public static void main(String... args) {
    service().run(args);
  }

  /** The service, to be started from a configuration file or inside another JVM. */
  public static ServiceMain<FabricLedgerConfig> service() {
    return ServiceMain.of("ledger-fabric", FabricLedgerConfig.class, FabricLedgerMain::wire);
  }

  private static void wire(FabricLedgerConfig config, ServiceAssembly service) {
    Peer peer =
        new Peer(
            config.peer(), config.channel(), config.endorsingOrganizations(), config.identity());
    FabricLedger ledger =
        new FabricLedger(
            peer,
            new FabricLedger.Terms(
                config.dltSystem(),
                config.chaincode(),
                config.usualTime(),
                config.stepWait(),
                config.evidence().form(),
                config.evidence().charactersMax(),
                config.chaincodes().stream()
                    .map(FabricLedgerConfig.ChaincodeConfig::allowed)
                    .toList(),
                config.knownChannels()));
    FabricLedgerMetrics.register(service.metrics(), ledger);
    service.add(new LedgerPart(ledger));
    service.add(
        new PeerWatch(peer, new AssetChaincode(peer, config.chaincode()), service.health()));
    service.serve(new LedgerServiceEndpoint(ledger));
  }

  private record LedgerPart(FabricLedger ledger) implements Part {
    @Override
    public String name() {
      return "fabric-ledger";
    }

    @Override
    public void start() {
      // Connects at the first call, which the watch makes.
    }

    @Override
    public void stop(Duration limit) {
      ledger.close();
    }
  }
}
