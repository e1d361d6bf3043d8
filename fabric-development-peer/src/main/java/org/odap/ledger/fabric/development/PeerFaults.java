package org.odap.ledger.fabric.development;

import java.io.IOException;
import java.util.List;
import org.odap.ledger.fabric.development.endorsement.Endorser;
import org.odap.ledger.fabric.development.ordering.Orderer;
import org.odap.ledger.fabric.development.simulation.Simulator;

/** What can be told to go wrong in a development peer, as it does in a real network. */
public final class PeerFaults {
  private final Orderer orderer;
  private final Simulator simulator;
  private final List<Endorser> endorsers;
  private final PeerServer server;

  PeerFaults(Orderer orderer, Simulator simulator, List<Endorser> endorsers, PeerServer server) {
    this.orderer = orderer;
    this.simulator = simulator;
    this.endorsers = endorsers;
    this.server = server;
  }

  /** The orderer acknowledges one more transaction and is killed: that one is lost for good. */
  public void killOrdererAfterNextAcknowledgement() {
    orderer.killAfterNextAcknowledgement();
  }

  /** The orderer is killed: what it acknowledged and has not put into a block is lost for good. */
  public void killOrderer() {
    orderer.kill();
  }

  /** The orderer is there again. */
  public void restartOrderer() {
    orderer.restart();
  }

  /** The orderer takes transactions and does nothing, not even acknowledge. */
  public void freezeOrderer() {
    orderer.freeze();
  }

  /** The orderer goes on with everything it was sent meanwhile. */
  public void thawOrderer() {
    orderer.thaw();
  }

  /** The chaincode's process ends. */
  public void stopChaincode(String name) {
    simulator.stop(name);
  }

  public void restartChaincode(String name) {
    simulator.restart(name);
  }

  /**
   * Another organization's peer stops.
   *
   * @param noticed whether the gateway's peer knows already, as it does after some seconds
   */
  public void stopPeerOf(String mspId, boolean noticed) {
    peerOf(mspId).reach(noticed ? Endorser.Reach.GONE : Endorser.Reach.REFUSES);
  }

  /** Another organization's peer is there again. */
  public void restartPeerOf(String mspId) {
    peerOf(mspId).reach(Endorser.Reach.UP);
  }

  private Endorser peerOf(String mspId) {
    return endorsers.stream()
        .filter(endorser -> endorser.mspId().equals(mspId))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("value: " + mspId + " (expected: MSP id)"));
  }

  /** The gateway's peer is killed: calls break, nobody listens. The orderer goes on. */
  public void stopPeer() throws IOException {
    server.stop();
  }

  /** The gateway's peer accepts connections and does nothing with them. */
  public void freezePeer() throws IOException {
    server.freeze();
  }

  /** The gateway's peer serves again, on the same port. */
  public void restartPeer() throws IOException {
    server.start();
  }
}
