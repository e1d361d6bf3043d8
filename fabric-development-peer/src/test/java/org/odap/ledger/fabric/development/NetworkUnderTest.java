package org.odap.ledger.fabric.development;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.odap.ledger.fabric.development.simulation.ContractChaincode;

/** A network in a temporary folder with a development peer, and clients of the real library. */
final class NetworkUnderTest implements AutoCloseable {
  static final String CHANNEL = "odap-channel";
  static final String CHAINCODE = "desk";
  private static final Duration UNHURRIED = Duration.ofSeconds(30);

  private final DevelopmentNetwork network;
  private final DevelopmentPeerConfig config;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private DevelopmentPeer peer;

  private NetworkUnderTest(DevelopmentNetwork network, DevelopmentPeerConfig config)
      throws IOException {
    this.network = network;
    this.config = config;
    this.peer = startPeer(config);
  }

  static NetworkUnderTest start(Path folder, String... mspIds) throws IOException {
    return start(folder, config -> config.withBatchTimeout(Duration.ofMillis(50)), mspIds);
  }

  static NetworkUnderTest start(
      Path folder, UnaryOperator<DevelopmentPeerConfig> change, String... mspIds)
      throws IOException {
    DevelopmentNetwork network = DevelopmentNetwork.create(folder.resolve("network"), mspIds);
    return new NetworkUnderTest(
        network, change.apply(DevelopmentPeerConfig.of(network.folder(), folder.resolve("state"))));
  }

  private static DevelopmentPeer startPeer(DevelopmentPeerConfig config) throws IOException {
    return DevelopmentPeer.start(
        config, Map.of(CHAINCODE, ContractChaincode.of(DeskContract.class)));
  }

  DevelopmentNetwork network() {
    return network;
  }

  DevelopmentPeer peer() {
    return peer;
  }

  /** Ends the peer and starts another one from its files, on the same port. */
  void startAnew() throws IOException {
    int port = peer.port();
    peer.close();
    peer = startPeer(config.withPort(port));
  }

  EnrolledIdentity enroll(String mspId) throws IOException {
    return network.enroll(mspId, "user", Map.of("odap.gateway", "true"));
  }

  /** A client of a new connection. */
  Gateway connect(EnrolledIdentity identity) throws IOException, GeneralSecurityException {
    return client(channel(identity), identity.mspId(), identity).connect();
  }

  Contract contract(Gateway gateway) {
    return gateway.getNetwork(CHANNEL).getContract(CHAINCODE);
  }

  ManagedChannel channel(EnrolledIdentity identity) throws IOException {
    return channel(
        TlsChannelCredentials.newBuilder()
            .trustManager(identity.tlsAuthorities().toFile())
            .keyManager(identity.tlsCertificate().toFile(), identity.tlsKey().toFile())
            .build());
  }

  ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", peer.port(), credentials).build();
    channels.add(channel);
    return channel;
  }

  static Gateway.Builder client(ManagedChannel channel, String mspId, EnrolledIdentity identity)
      throws IOException, GeneralSecurityException {
    Identity shown =
        new X509Identity(
            mspId, Identities.readX509Certificate(Files.newBufferedReader(identity.certificate())));
    return Gateway.newInstance()
        .identity(shown)
        .signer(
            Signers.newPrivateKeySigner(
                Identities.readPrivateKey(Files.newBufferedReader(identity.key()))))
        .hash(Hash.SHA256)
        .connection(channel)
        .evaluateOptions(within(UNHURRIED))
        .endorseOptions(within(UNHURRIED))
        .submitOptions(within(UNHURRIED))
        .commitStatusOptions(within(UNHURRIED));
  }

  /** A call's deadline. */
  static UnaryOperator<CallOptions> within(Duration limit) {
    return options -> options.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until a connection that broke is there again. */
  void awaitReady(Gateway gateway) throws GatewayException {
    gateway
        .getNetwork(CHANNEL)
        .getContract("qscc")
        .newProposal("GetChainInfo")
        .addArguments(CHANNEL)
        .build()
        .evaluate(options ->
            options.withWaitForReady().withDeadlineAfter(UNHURRIED.toSeconds(), TimeUnit.SECONDS));
  }

  static byte[] qscc(Gateway gateway, String function, String... arguments)
      throws GatewayException {
    List<String> all = new ArrayList<>(List.of(CHANNEL));
    all.addAll(List.of(arguments));
    return gateway
        .getNetwork(CHANNEL)
        .getContract("qscc")
        .evaluateTransaction(function, all.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    channels.forEach(ManagedChannel::shutdownNow);
    peer.close();
  }
}
