package org.odap.ledger.fabric.development;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.Chaincode;
import org.odap.ledger.fabric.development.endorsement.ChainQueries;
import org.odap.ledger.fabric.development.endorsement.Endorser;
import org.odap.ledger.fabric.development.gateway.GatewayEndpoint;
import org.odap.ledger.fabric.development.ledger.EndorsementPolicy;
import org.odap.ledger.fabric.development.ledger.Ledger;
import org.odap.ledger.fabric.development.membership.Membership;
import org.odap.ledger.fabric.development.ordering.BatchRule;
import org.odap.ledger.fabric.development.ordering.BlockMaker;
import org.odap.ledger.fabric.development.ordering.Orderer;
import org.odap.ledger.fabric.development.simulation.Simulator;

/**
 * A Fabric network in one process for development and tests: the gateway service of a peer, an
 * endorser for each organization, one orderer, one channel. Clients made for Fabric's gateway work
 * with it unchanged. What it leaves out is in the module's README.
 */
public final class DevelopmentPeer implements AutoCloseable {
  private static final int BATCH_BYTES_PREFERRED = 2 << 20;
  // Names in error details; nobody listens there.
  private static final int FIRST_PEER_PORT = 7051;
  private static final int PORTS_BETWEEN_PEERS = 2000;
  private static final GatewayEndpoint.OrdererAddress ORDERER =
      new GatewayEndpoint.OrdererAddress("127.0.0.1:7050", DevelopmentNetwork.ORDERER_MSP);

  private final Ledger ledger;
  private final Orderer orderer;
  private final PeerServer server;
  private final PeerFaults faults;

  private DevelopmentPeer(Ledger ledger, Orderer orderer, PeerServer server, PeerFaults faults) {
    this.ledger = ledger;
    this.orderer = orderer;
    this.server = server;
    this.faults = faults;
  }

  /**
   * Starts a peer with these chaincodes, by name.
   *
   * @throws IOException when files can't be read or the port is taken
   */
  public static DevelopmentPeer start(
      DevelopmentPeerConfig config, Map<String, Chaincode> chaincodes) throws IOException {
    DevelopmentNetwork network = DevelopmentNetwork.open(config.network());
    String own = config.organization().orElse(network.organizations().getFirst());
    int endorsements =
        config.endorsementsMin() == 0 ? network.organizations().size() : config.endorsementsMin();
    EndorsementPolicy policy = new EndorsementPolicy(endorsements, network.organizations());
    Membership membership = network.membership();
    Files.createDirectories(config.state());
    Ledger ledger =
        Ledger.open(
            config.state().resolve("blocks"),
            GenesisBlock.of(network, config.channel()),
            membership,
            policy);
    Simulator simulator = new Simulator(chaincodes);
    List<Endorser> endorsers =
        endorsers(config.channel(), network, own, simulator, membership, ledger);
    Orderer orderer =
        new Orderer(
            new BatchRule(config.batchTimeout(), config.batchMessagesMax(), BATCH_BYTES_PREFERRED),
            new BlockMaker(network.orderer()),
            membership,
            ledger);
    GatewayEndpoint gateway =
        new GatewayEndpoint(
            new GatewayEndpoint.Channel(
                config.channel(),
                membership,
                policy,
                endorsers,
                simulator,
                orderer,
                ORDERER,
                ledger));
    PeerServer server =
        new PeerServer(gateway, PeerServer.credentials(config, network, own), config.port());
    orderer.start();
    DevelopmentPeer peer =
        new DevelopmentPeer(
            ledger, orderer, server, new PeerFaults(orderer, simulator, endorsers, server));
    try {
      server.start();
    } catch (IOException e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  private static List<Endorser> endorsers(
      String channel,
      DevelopmentNetwork network,
      String own,
      Simulator simulator,
      Membership membership,
      Ledger ledger)
      throws IOException {
    List<String> ownFirst = new ArrayList<>(network.organizations());
    if (!ownFirst.remove(own)) {
      throw new IOException("value: " + own + " (expected: one of " + ownFirst + ")");
    }
    ownFirst.addFirst(own);
    ChainQueries queries = new ChainQueries(channel, ledger);
    List<Endorser> endorsers = new ArrayList<>();
    for (String mspId : ownFirst) {
      int port = FIRST_PEER_PORT + endorsers.size() * PORTS_BETWEEN_PEERS;
      endorsers.add(
          new Endorser(
              network.peer(mspId), "127.0.0.1:" + port, simulator, queries, membership, ledger));
    }
    return endorsers;
  }

  /** The port on 127.0.0.1 the gateway service is at. */
  public int port() {
    return server.port();
  }

  /** What can be made to fail. */
  public PeerFaults faults() {
    return faults;
  }

  /** Blocks in the chain. */
  public long height() {
    return ledger.height();
  }

  @Override
  public void close() throws IOException {
    server.close();
    orderer.close();
    ledger.close();
  }
}
