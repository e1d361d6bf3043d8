package org.odap.ledger.fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.shim.Chaincode;
import org.odap.ledger.fabric.chaincode.OdapContract;
import org.odap.ledger.fabric.development.DevelopmentNetwork;
import org.odap.ledger.fabric.development.DevelopmentPeer;
import org.odap.ledger.fabric.development.DevelopmentPeerConfig;
import org.odap.ledger.fabric.development.PeerFaults;
import org.odap.ledger.fabric.development.simulation.ContractChaincode;
import org.odap.ledger.fabric.network.PeerConfig;

/** Two organizations' channel on a development peer, with the chaincode that both must endorse. */
final class DevelopmentChannel implements AutoCloseable {
  static final String FIRST = "AlphaMSP";
  static final String SECOND = "BetaMSP";

  /** The shim logs every refusal with its trace; held here, or the level could be forgotten. */
  private static final Logger SHIM = Logger.getLogger("org.hyperledger.fabric");

  static {
    SHIM.setLevel(Level.OFF);
  }

  private final DevelopmentNetwork network;
  private final DevelopmentPeer peer;

  private DevelopmentChannel(DevelopmentNetwork network, DevelopmentPeer peer) {
    this.network = network;
    this.peer = peer;
  }

  static DevelopmentChannel start() {
    return start(Map.of());
  }

  /** With further chaincodes. */
  static DevelopmentChannel start(Map<String, Class<? extends ContractInterface>> others) {
    Map<String, Chaincode> chaincodes = new HashMap<>();
    chaincodes.put("odap", ContractChaincode.of(OdapContract.class));
    others.forEach((name, contract) -> chaincodes.put(name, ContractChaincode.of(contract)));
    try {
      Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "fabric-channel");
      DevelopmentNetwork network =
          DevelopmentNetwork.create(folder.resolve("network"), FIRST, SECOND);
      DevelopmentPeerConfig config =
          DevelopmentPeerConfig.of(network.folder(), folder.resolve("state"))
              .withBatchTimeout(Duration.ofMillis(20));
      return new DevelopmentChannel(network, DevelopmentPeer.start(config, chaincodes));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  PeerFaults faults() {
    return peer.faults();
  }

  DevelopmentNetwork network() {
    return network;
  }

  /** As an operator would describe it; timeouts are short, so that faults show soon. */
  NetworkFile file() {
    return new NetworkFile(
        peerConfig(network.tlsAuthorities()),
        "odap-channel",
        "odap",
        FIRST,
        network.folder().resolve(FIRST).resolve("ca"),
        List.of(organization(FIRST), organization(SECOND)),
        2,
        List.of(organization("OrdererMSP")));
  }

  PeerConfig peerConfig(Path trusted) {
    return new PeerConfig(
        "127.0.0.1:" + peer.port(),
        trusted,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        100 << 20);
  }

  private FabricLedgerConfig.OrganizationConfig organization(String mspId) {
    return new FabricLedgerConfig.OrganizationConfig(mspId, network.authority(mspId));
  }

  @Override
  public void close() {
    try {
      peer.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
